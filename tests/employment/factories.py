"""Providers, jobs and questions as rows, for tests that need them to be there already."""

from datetime import UTC, date, datetime

import factory
from allauth.account.models import EmailAddress

from accounts.models import User
from employment.models import Job, Provider, Verification

NOON = datetime(2027, 3, 2, 18, tzinfo=UTC)  # noon in Mississippi, a Tuesday
TODAY = date(2027, 3, 2)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    legal_given_names = "Denise"
    legal_family_name = factory.Sequence(lambda n: f"Holloway{n}")
    email = factory.Sequence(lambda n: f"person{n}@home.example")
    sign_in_name = factory.Sequence(lambda n: f"person-{n}")


class ProviderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Provider

    kind = "community_center"
    name = factory.Sequence(lambda n: f"Cypress Bend Services {n}")
    region = "Greenwood"
    certified_from = date(2020, 1, 1)
    email_domains = ["cypressbend.example"]


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    person = factory.SubFactory(PersonFactory)
    provider = factory.SubFactory(ProviderFactory)
    position = "Peer Support Specialist"
    role_code = "peer_support_specialist"
    hired_on = date(2026, 10, 5)
    named_at = NOON


class VerificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Verification

    job = factory.SubFactory(JobFactory)
    verifier_name = "Marcus Bell"
    verifier_email = "marcus.bell@cypressbend.example"
    drafted_at = NOON


def own_address(person, email, *, verified=True):
    return EmailAddress.objects.create(user=person, email=email, verified=verified)
