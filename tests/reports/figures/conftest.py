import pytest

from reports.counts import Level, Scale


@pytest.fixture(scope="session")
def four() -> Scale:
    return Scale(
        (
            Level("outstanding", "O", "Outstanding", "strong"),
            Level("good", "G", "Good", "strong"),
            Level("requires_improvement", "RI", "Requires improvement", "adequate"),
            Level("inadequate", "I", "Inadequate", "weak"),
        )
    )
