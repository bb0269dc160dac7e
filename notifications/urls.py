"""Doors of the notifications app."""

from django.urls import path

from accounts.desk import both
from notifications import views

app_name = "notifications"

urlpatterns = [
    # /me/messages/ and /staff/people/<reference>/messages/
    *both("messages/", views.inbox, name="messages", mine="me/"),
    *both("messages/<int:pk>/", views.message, name="message", mine="me/"),
    path("me/messages/read/", views.mark_read, name="mark_read"),
    # /staff/messages/
    path("staff/messages/", views.stuck, name="stuck"),
    path("staff/messages/<int:pk>/try-again/", views.try_again, name="try_again"),
    # /staff/post/
    path("staff/post/", views.post, name="post"),
    path("staff/post/mailed/", views.mailed, name="mailed"),
    path("staff/post/<str:day>/", views.print_batch, name="print_batch"),
    # /demo/
    path("demo/outbox/", views.demo_outbox, name="demo_outbox"),
]
