"""Every kind of public page, and of the larger ones every state that looks different: what is held for "all pages"."""

FOUND = [
    "/decisions/",
    "/decisions/?q=knee&outcome=overturned&specialty=physical-medicine-and-rehabilitation&page=1",  # words and filters
    "/decisions/?q=knee&page=2",
    "/decisions/?q=pain&per=50",
    "/decisions/?q=physical+therapy&not_drug=all-opioids&year=2016&year=2017&per=50",  # an excluded value, months
    "/decisions/?q=speciality:pain+OR+%22low+back+(knee+AND",  # a syntax that was misread
    "/decisions/?specialty=astrology&outcome=won&year=20x6&since=2015-13-01&page=zero",  # parameters that mean nothing
    "/decisions/?outcome=overturned&page=9999",
    "/decisions/?q=acupunture+specialty:alchemy&not_state=CA&since=2015-01-01&outcome=upheld",  # nothing, with ways out
    "/decisions/?q=xyzzyplughxyzzyplughxyzzyplughxyzzyplughxyzzyplugh",  # nothing, without
]
LISTS = [
    "/decisions/facets/drug/?outcome=upheld&not_drug=oxycodone",
    "/decisions/facets/guideline/?order=name",
    "/decisions/facets/specialty/?find=xyzzyplugh",
]
LETTERS = [
    "/cases/cm17-0990014/",  # one item, whose heading and reasons disagree
    "/cases/cm16-0990016/",  # twelve items
    "/cases/letter-3e08497b4cbcd50a/",  # without its header
    "/cases/cm16-0990003/?q=shoulder&outcome=overturned&at=1#item-2",  # marks, and the trail through the results
    "/cases/cm16-0990003/?q=acupuncture&at=1",  # no longer in the results
    "/cases/cm16-0990003/items/1/similar/",
    "/compare/",
    "/compare/?item=cm16-0990003/1&item=cm17-0990014/1&item=cm99-1/1",
    "/compare/?item=cm16-0990003/1&item=cm16-0990003/2&item=cm17-0990014/1&item=cm17-0990015/3",
    "/cases/cm16-0990003/source/",
    "/cases/cm17-0990014/source/#words-a",
    "/cases/cm17-0990014/source/#field-items-0-conclusion",
]
WAYS = [
    "/specialties/",
    "/treatments/?sort=rate",
    "/drugs/",
    "/procedures/?sort=name",
    "/guidelines/?sort=sideways",
    "/specialties/pain-medicine/",
    "/treatments/pharmaceuticals/opioids/",
    "/treatments/pharmaceuticals/",
    "/drugs/tramadol/",
    "/procedures/mri/",
    "/guidelines/chronic-pain-medical-treatment-guidelines-2009/",
    "/guidelines/all-odg/",
]
OTHERS = [
    "/",
    "/search-help/",
    "/about/",
    "/api/",
    "/decisions.csv?outcome=won",  # refused, as a page
    "/nowhere/",
]
PAGES = [*OTHERS, *FOUND, *LISTS, *LETTERS, *WAYS]
