"""1,000 letters made into PDF files by one worker, and 50 signatures at the same moment, four times.

`python bench/letters.py` uses a database of its own in a temporary folder. Bars: 1,000 letters within 10 minutes with their
files kept, hashed and packed; document numbers without gap or double though every tenth signature fails; 600 MB of memory.
"""

import os
import resource
import sys
import tempfile
import threading
import time
import zipfile
from datetime import date
from pathlib import Path

LETTERS, BAR_SECONDS, BAR_MEMORY = 1_000, 600, 600
SIGNATURES, ROUNDS = 50, 4
DAY = date(2023, 7, 17)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def paper(number: int):
    """A reply of two pages whose words and figures are its own."""
    from portal.core.letters.paper import Block, Contact, Kind, Paper, Style  # noqa: PLC0415 - after the set-up

    def said(part: int) -> str:
        share = f"{40 + (number + part) % 60}.{part}%"
        return (
            f"截至2023年6月30日，第{number}件提案所涉{part}个街道共有社区工作者{1_000 + number * part:,}人，持证率{share}。"
            "下一步，我们将会同有关部门健全社区工作者职业体系，完善薪酬待遇、教育培训和激励保障机制，提升基层治理能力。"
        )

    return Paper(
        style=Style.LETTER if number % 2 else Style.FILE,
        issuer="示例市民政局",
        title=f"关于对市政协六届二次会议第{number:04d}号提案的答复",
        class_mark="ABCD"[number % 4],
        addressee=f"第{number}号提案委员",
        blocks=(
            Block(Kind.PARAGRAPH, "您提出的提案收悉。经研究，现答复如下："),
            *(
                block
                for part in range(1, 6)
                for block in (Block(Kind.HEADING_1, f"关于第{part}个方面"), Block(Kind.PARAGRAPH, said(part)))
            ),
        ),
        contact=Contact("示例市民政局", "甲某", "000-00000000", "000000"),
        signature="示例市民政局",
        note="此件主动公开",
        copies=("市政府办公室", "市政协提案委"),
    )


def sign(number: int, *, fails: bool = False):
    from django.db import transaction  # noqa: PLC0415

    from portal.core.letters.actions import issue_letter  # noqa: PLC0415
    from portal.core.models import Division, User  # noqa: PLC0415

    with transaction.atomic():
        letter = issue_letter(
            division=Division.objects.get(pk="96"),
            word="示民函",
            paper=paper(number),
            issued_on=DAY,
            by=User.objects.get(),
        )
        if fails:
            raise RuntimeError("a signature that fails after its number was taken")
    return letter


def together(first: int) -> None:
    from django.db import connections  # noqa: PLC0415

    start = threading.Barrier(SIGNATURES)

    def act(number: int) -> None:
        try:
            start.wait()
            sign(number, fails=number % 10 == 0)
        except RuntimeError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(first + position,)) for position in range(SIGNATURES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def signatures() -> bool:
    from portal.core.letters.models import Letter  # noqa: PLC0415

    began = time.perf_counter()
    for number in range(ROUNDS):
        together(1 + number * SIGNATURES)
    spent = time.perf_counter() - began
    numbers = sorted(Letter.objects.values_list("sequence", flat=True))
    whole = numbers == list(range(1, ROUNDS * SIGNATURES * 9 // 10 + 1))
    print(
        f"{ROUNDS} x {SIGNATURES} signatures at once: {len(numbers)} numbers in {spent:.1f} s, {'no' if whole else 'A'} gap or double"
    )
    return whole


def rendering(folder: Path) -> bool:
    from portal.core.letters.batches import archive, ask_batch, run_batch  # noqa: PLC0415
    from portal.core.letters.models import Letter  # noqa: PLC0415
    from portal.core.models import User  # noqa: PLC0415

    by = User.objects.get()
    for number in range(Letter.objects.count(), LETTERS):
        sign(number)
    batch = ask_batch(letters=Letter.objects.values_list("pk", flat=True), form="pdf", by=by)
    began = time.perf_counter()
    batch = run_batch(batch.pk)
    spent = time.perf_counter() - began
    with open(folder / "letters.zip", "wb") as file:
        file.writelines(archive(batch, by))
    with zipfile.ZipFile(folder / "letters.zip") as packed:
        names = len(packed.namelist())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{names:,} letters as PDF by one worker: {spent:.1f} s (bar {BAR_SECONDS} s), {1000 * spent / LETTERS:.0f} ms each"
    )
    print(
        f"most memory {memory:.0f} MB (bar {BAR_MEMORY} MB); archive {(folder / 'letters.zip').stat().st_size / 1e6:.0f} MB"
    )
    return names == LETTERS and spent <= BAR_SECONDS and memory <= BAR_MEMORY


def main(folder: Path) -> int:
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    from tests import factories, world  # noqa: PLC0415

    world.divisions()
    factories.user("bench", ("city", "96"))
    held = [signatures(), rendering(folder)]
    print("within the bars" if all(held) else "MISSES a bar")
    return 0 if all(held) else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        from portal import embedded

        with embedded.running(Path(folder)):
            sys.exit(main(Path(folder)))
