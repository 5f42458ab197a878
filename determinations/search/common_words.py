"""The words that stand in most letters, by their frequency in real ones (numbers and names of forms left out).

Two or three of them in a row are one term of the index (schema.RUNS): a phrase made of such words would otherwise be
looked for in nearly every decision. Words stand here as the index has them. A change here needs a new SCHEMA_VERSION.
"""

from collections.abc import Sequence
from itertools import pairwise

COMMON = frozenset(
    """
    a the of and to for on is a was decision in based pain mtus with or not treatment medical guideline that physical
    therapy case request has clinical date patient as reviewer an expert claim administrator no there right chronic
    review back she spine he worker at section lumbar injured evidence mri left necessary rationale injury active
    this medically are including low shoulder practice be non following complaint summary determination service
    documentation item recommended disability week knee medicine cervical official study session noted been odg
    record neck state citation strength imaging upper by had dated than visit were motion such more range medication
    his requested her all tenderness currently examination working evaluate received issue number made prior nerve
    lack condition same complete below over treat finding how similar have upheld overturned
    """.split()  # noqa: SIM905
)


# Further words that stand in one decision of twenty or more: two of them in a row are one term, too.
FREQUENT = COMMON | frozenset(
    """
    abduction able abnormal abnormality above accident according acetaminophen acoem activity acupuncture acute
    addition additional additionally address adjunct after allow already also alternative analgesic ankle anterior
    antidepressant antiinflammatory anxiety any appear appropriate approved area arm arthritis aspect assessment
    associated atrophy attempt authorization authorized available because before being bending benefit better
    between beyond biceps bilateral bilaterally both brace but butt ca california can capacity capsaicin care carpal
    caused celecoxib change chapter chiropractic claimant clear clinically close cold complain complained completed
    compound compression compromise concern conduction conservative consider consideration considered consisted
    consistent constant consultation continuation continue continued continuing contrast contusion course cream
    criterion ct cuff cumulative current cyclobenzaprine daily day decreased deep deficit degenerative degree denial
    denied depression depressive dermatome described detailed determined diagnosed diagnosis diagnostic did
    difficulty diminished disc discomfort disease disorder displacement distal distribution do document documented
    does done dose down drug due duration during duty dysfunction effect effective efficacy effusion elbow
    electrical electromyography eligible emg encounter established evaluation event exam exceed exceptional exercise
    extension extensor external extremity facet fact factor failed failure fall fascia felt female finger first flag
    flexeril flexibility flexion focal followup foot forearm forward found four fracture frequency from full
    function functional further furthermore gait gastrointestinal general generally given greater grip guarding hand
    having hawkin head headache heat high hip history home however ibuprofen identify if impingement improve
    improved improvement improving imr inability include included increase increased indicate indicated indicating
    indication industrial infection information inhibitor initial injection insufficient intact intended
    intermittent internal intervention intervertebral into involve it its job joint junction ketoprofen labral
    lateral least leg less level lidocaine lifting ligament light limit limited line living long loss lower
    lumbosacral magnetic male management manipulation manual may mechanism medial method mid mild minimal modality
    moderate moderately modification modified month most motor movement multiple muscle musculature myalgia myositis
    naproxen ncs ncv necessity need needed negative neuralgia neuritis neurologic neurological neuropathic
    neuropathy noncertified nonsteroidal norco normal note now nsaid numbness objective obtained occupational off
    office old one ongoing only opioid option oral order original other outcome overall page painful palpation
    paracervical paraspinal paravertebral part passive past patch pathology per perform performed performing period
    peripheral persistent physician physiologic plan point portion positive possible post posterior postoperative
    prescribed present presented pressure previous previously prilosec procedure process program progress proton
    provide provided provider proximal pt pulling pump radiated radiating radiation radicular radiculitis
    radiculopathy raise rate rated receive recent recommend recommendation red reduced referral reflex regarding
    regimen region rehabilitation related relaxant relevant relief remaining repetitive report reported require
    required resonance respond rest restricted restriction result return reveal revealed reviewed risk root rotation
    rotator rule scale scan sciatic second secondary see seen sensation severe sharp shockwave short should show
    showed side sided sign signed significant since single six sleep small some source space spasm special specific
    specifically specified spinal sprain stated status stimulation straight strain stress subjective submitted
    subscapularis subsequent sufficient support supported supraspinatus surgery surgical sustained swelling
    symmetrical symptom syndrome tear tendon tens term test testing their therapeutic therapist therefore these they
    thigh thoracic thoracolumbar those three throughout time tinel tingling tissue topical tramadol transcutaneous
    trapezius trauma treated treating trial trialed trigger trochanter tunnel two ultram ultrasound unable unclear
    under undergoing undergone unequivocal unit unknown unspecified until up updated upon ur urine usage use used
    using utilization vas vehicle venlafaxine versus visual warrant weakness well when which while who why will
    within without work would wrist xray year
    """.split()  # noqa: SIM905
)


def runs(words: Sequence[str]) -> set[str]:
    """The terms of a text: each two frequent words that stand side by side, each three common ones."""
    twos = {f"{one}_{next_}" for one, next_ in pairwise(words) if one in FREQUENT and next_ in FREQUENT}
    in_threes = zip(words, words[1:], words[2:], strict=False)
    return twos.union(
        f"{one}_{next_}_{third}"
        for one, next_, third in in_threes
        if next_ in COMMON and one in COMMON and third in COMMON
    )


def common_runs(words: Sequence[str]) -> list[str]:
    """The fewest terms that every text with ``words`` in a row has: threes where there are any, else twos."""
    threes = [row for row in _rows(words, 3) if COMMON.issuperset(row)]
    twos = [row for row in _rows(words, 2) if FREQUENT.issuperset(row)]
    inside = {pair for row in threes for pair in _rows(row, 2)}
    return ["_".join(row) for row in (*threes, *(row for row in twos if row not in inside))]


def _rows(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + size]) for start in range(len(words) - size + 1)]
