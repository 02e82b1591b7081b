"""The measuring device itself: a page that asks for nothing is told from one that does."""

import pytest


@pytest.fixture
def page_of(tmp_path, open_page):
    def opened(body, **more):
        path = tmp_path / "页 1.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{body}", encoding="utf-8")
        return open_page(path, **more)

    return opened


def test_a_quiet_page_asks_for_nothing_and_complains_of_nothing(page_of):
    image = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    opened = page_of(
        f"<img src='{image}'><h1 id=here>不落一户</h1><a href=#here>x</a><script>console.log('fine')</script>"
    )
    opened.page.click("a")
    assert opened.page.inner_text("h1") == "不落一户"
    assert (opened.requests, opened.errors) == ([], [])


def test_every_request_is_seen_though_the_network_is_off(page_of):
    opened = page_of(
        "<img src='http://127.0.0.1:9/tile.png'><script>fetch('https://example.org/x').catch(() => "
        "0)</script>"
    )
    assert set(opened.requests) == {"http://127.0.0.1:9/tile.png", "https://example.org/x"}


def test_another_file_is_a_request_too(page_of):
    assert [url.rsplit("/", 1)[1] for url in page_of("<script src='other.js'></script>").requests] == [
        "other.js"
    ]


def test_what_a_script_throws_or_complains_of_is_seen(page_of):
    opened = page_of(
        "<script>console.error('a complaint')</script><script>throw new Error('a fault')</script>"
    )
    assert any("a complaint" in error for error in opened.errors)
    assert any("a fault" in error for error in opened.errors)


@pytest.mark.parametrize(("lang", "locale"), [("en", "en-GB"), ("zh", "zh-CN")])
def test_the_page_is_opened_in_the_language_and_size_asked_for(page_of, lang, locale):
    page = page_of("<p>x", lang=lang, viewport=(390, 844)).page
    assert page.evaluate("[navigator.language, innerWidth, innerHeight, navigator.onLine]") == [
        locale,
        390,
        844,
        False,
    ]
