from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from events import dispatch_views, feed_views, token_views, upload_views, views
from events.api import views as api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.timeline, name="timeline"),
    path("map/", views.world, name="map"),
    path("read/", views.walk, name="walk"),
    path("export/<slug:kind>/", views.export, name="export"),
    path("tiles/1/<slug:level>/<int:index>/", views.tile, name="tile"),
    path("events/<int:pk>/", views.event, name="event"),
    path("dispatches/", views.dispatches, name="dispatches"),
    path("dispatches/undated/", dispatch_views.undated, name="undated"),
    path("dispatches/<int:pk>/", dispatch_views.dispatch, name="dispatch"),
    path("dispatches/<int:pk>/versions/", dispatch_views.versions, name="dispatch-versions"),
    path("dispatches/<int:pk>/date/", dispatch_views.set_day, name="dispatch-date"),
    path("dispatches/<int:pk>/retry/", dispatch_views.retry, name="retry"),
    path("dispatches/<int:pk>/encoding/", dispatch_views.encoding, name="dispatch-encoding"),
    path("upload/", upload_views.upload, name="upload"),
    path("upload/<uuid:pk>/", upload_views.batch, name="batch"),
    path("upload/<uuid:pk>/progress/", upload_views.batch_progress, name="batch-progress"),
    path("upload/<uuid:pk>/items.csv", upload_views.batch_csv, name="batch-csv"),
    path("upload/<uuid:pk>/cancel/", upload_views.batch_cancel, name="batch-cancel"),
    path("upload/<uuid:pk>/retry/", upload_views.batch_retry, name="batch-retry"),
    path("feeds/", feed_views.overview, name="feeds"),
    path("feeds/import/", feed_views.import_list, name="feeds-import"),
    path("feeds/opml/", feed_views.export_list, name="feeds-opml"),
    path("feeds/<int:pk>/stop/", feed_views.stop, name="feed-stop"),
    path("feeds/<int:pk>/poll/", feed_views.poll_now, name="feed-poll"),
    path("", include("events.desk.urls")),
    path("login/", LoginView.as_view(template_name="events/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("tokens/", token_views.overview, name="tokens"),
    path("tokens/<int:pk>/end/", token_views.end, name="token-end"),
    path("api/", RedirectView.as_view(pattern_name="api-docs"), name="api-root"),
    path("api/dispatches", api.dispatches, name="api-dispatches"),
    path("api/dispatches/<int:pk>", api.dispatch, name="api-dispatch"),
    path("api/batches/<uuid:pk>", api.batch, name="api-batch"),
    path("api/events", api.events, name="api-events"),
    path("api/events/<int:pk>", api.event, name="api-event"),
    path("api/openapi.json", api.openapi, name="api-openapi"),
    path("api/docs", api.docs, name="api-docs"),
    path("api/<path:rest>", api.nothing, name="api-nothing"),
    path("healthz", views.healthz, name="healthz"),
]
