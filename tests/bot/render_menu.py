"""Draw templates/line/menu.png from menu.html, with Chromium and the Thai fonts of this machine.

Run after a change of the drawing: ``.venv/bin/python -m tests.bot.render_menu``. Look at the picture before you commit.
"""

from playwright.sync_api import sync_playwright

from bot.rich_menu import HEIGHT, PICTURE, WIDTH
from tests.bot.conftest import CHROMIUM, FLAGS


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(PICTURE.with_suffix(".html").as_uri())
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
