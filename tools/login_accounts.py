"""Runs in the provider's own environment: makes what JSON on standard input tells it to.

``{"client": {...}, "users": [{...}]}``, the fields being Canaille's own. What is there stays.
"""

import json
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend


def main() -> None:
    told = json.load(sys.stdin)
    with create_app().app_context(), Backend.instance.session():
        if not Backend.instance.get(models.Client, client_id=told["client"]["client_id"]):
            client = models.Client(**told["client"])
            Backend.instance.save(client)
            client.audience = [client]  # its tokens are for itself: without this they name nobody
            Backend.instance.save(client)
        for user in told["users"]:
            if not Backend.instance.get(models.User, user_name=user["user_name"]):
                Backend.instance.save(models.User(**user))


if __name__ == "__main__":
    main()
