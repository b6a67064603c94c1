"""One identity provider for the whole run of the sign-in tests."""

from collections.abc import Iterator

import pytest

from tests.accounts.provider_process import ProviderProcess


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProviderProcess]:
    with ProviderProcess.running(tmp_path_factory.mktemp("provider")) as running:
        yield running
