from django.urls import path

from events.desk import correcting, measuring, telling, views, withholding

urlpatterns = [
    path("review/", views.queue, name="review"),
    path("review/<int:pk>/", views.sheet, name="review-event"),
    path("review/act/", views.act, name="review-act"),
    path("review/undo/", views.undo, name="review-undo"),
    path("events/<int:pk>/edit/", views.edit, name="event-edit"),
    path("events/<int:pk>/merge/", views.merge, name="event-merge"),
    path("events/<int:pk>/split/", views.split, name="event-split"),
    path("events/<int:pk>/comment/", views.comment, name="event-comment"),
    path("events/<int:pk>/fact/", views.fact, name="event-fact"),
    path("events/<int:pk>/contradict/", views.contradict, name="event-contradict"),
    path("mentions/<int:pk>/attach/", views.attach, name="event-attach"),
    path("dispatches/<int:pk>/event/", views.new_event, name="event-new"),
    path("dispatches/<int:pk>/withdraw/", withholding.withdraw_dispatch, name="dispatch-withdraw"),
    path("dispatches/<int:pk>/whole/", withholding.whole_text, name="dispatch-whole"),
    path("events/<int:pk>/withdraw/", withholding.withdraw_event, name="event-withdraw"),
    path("withheld/", withholding.names, name="withheld"),
    path("corrections/", correcting.table, name="corrections"),
    path("quality/", measuring.quality, name="quality"),
    path("quality/gold.json", measuring.gold_file, name="gold"),
    path("names/<slug:kind>/<int:pk>/", views.name, name="name"),
    path("names/<slug:kind>/<int:pk>/rename/", views.rename, name="name-rename"),
    path("names/<slug:kind>/<int:pk>/unite/", views.unite, name="name-unite"),
    path("stories/", telling.shelf, name="stories"),
    path("stories/new/", telling.new, name="story-new"),
    path("stories/<slug:slug>/", telling.story, name="story"),
    path("stories/<slug:slug>/story.json", telling.as_json, name="story-json"),
    path("stories/<slug:slug>/story.csv", telling.as_csv, name="story-csv"),
    path(
        "stories/<slug:slug>/picture/<slug:digest>/", telling.picture, name="story-picture"
    ),
    path("stories/<slug:slug>/edit/", telling.edit, name="story-edit"),
    path("stories/<slug:slug>/add/", telling.add, name="story-add"),
    path("history/<slug:kind>/<int:pk>/", views.history, name="history"),
    path("history/<int:pk>/back/", views.go_back, name="history-back"),
]
