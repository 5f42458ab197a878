"""The addresses of the review queue, below /admin/queue/."""

from django.urls import path

from . import queue_decisions, queue_pages

urlpatterns = [
    path("", queue_pages.overview, name="queue"),
    path("growth/", queue_pages.growth, name="queue-growth"),
    path("done/", queue_pages.done, name="queue-done"),
    path("done/<int:pk>/", queue_pages.deed, name="queue-deed"),
    path("done/<int:pk>/turn/<slug:way>/", queue_decisions.turn, name="queue-turn"),
    path("done/<int:pk>/undo/", queue_decisions.undo, name="queue-undo"),
    path("<slug:slug>/", queue_pages.listing, name="queue-kind"),
    path("<slug:slug>/next/", queue_decisions.take_next, name="queue-next"),
    path("<slug:slug>/decide/", queue_decisions.decide, name="queue-decide"),
    path("<slug:slug>/many/<slug:action>/", queue_decisions.many, name="queue-many"),
    path("<slug:slug>/<int:pk>/", queue_pages.question, name="queue-question"),
]
