"""A station's pages as people use them: go to a page, fill in its form, send it. `Plain` is any browser without
JavaScript; `Seen` is chromium. Both send only what the page offers, and both fail where the station refuses."""

import urllib.parse

import lxml.html
from selenium.webdriver.support.ui import Select


ERRORS = "//main//*[contains(concat(' ', @class, ' '), ' error ') or @role='alert']"


class Refused(AssertionError):
    """What the page said of what was sent."""


class Plain:
    def __init__(self, station):
        self.station = station

    def open(self, path):
        answer = self._ask("GET", path)
        assert answer.status == 200, f"{path} answers {answer.status}: {answer.body[:400]!r}"
        self.path, self.page = path, lxml.html.fromstring(answer.body.decode())
        return self

    def send(self, fields, button=None, action=""):
        """The form with these fields, by a button (name, value) where it has several. Returns the form's key."""
        form = self._form(fields, button, action)
        for name, value in fields.items():
            self._fill(form, name, value)
        pairs = form.form_values() + ([button] if button else [])
        answer = self._ask("POST", form.action or self.path, pairs)
        if answer.status != 303:
            page = lxml.html.fromstring(answer.body.decode())
            said = [" ".join(e.text_content().split()) for e in page.xpath(ERRORS)]
            raise Refused(f"{self.path} answers {answer.status} to {fields}: {said}")
        self.path = answer.headers["Location"]
        return dict(pairs)["command"]

    def _ask(self, method, path, pairs=None):
        headers = {"Accept": "text/html", "Cookie": f"session={self.station.token}; language=fr"}
        answer = self.station.ask(method, path, pairs, token=False, headers=headers)
        if method == "GET" and answer.status == 303:
            raise Refused(f"{path} leads to {answer.headers['Location']}")
        return answer

    def _form(self, fields, button, action):
        for form in self.page.xpath("//main//form[@method='post']"):
            names = set(form.inputs.keys())
            has_button = not button or form.xpath(".//button[@name=$n and @value=$v]", n=button[0], v=button[1])
            if set(fields) <= names and has_button and action in (form.action or ""):
                return form
        raise AssertionError(f"no form of {self.path} takes {sorted(fields)} by {button}")

    @staticmethod
    def _fill(form, name, value):
        control = form.inputs[name]
        values = value if isinstance(value, list) else [value]
        if isinstance(control, (lxml.html.RadioGroup, lxml.html.CheckboxGroup)):
            boxes = list(control)
        elif getattr(control, "checkable", False):
            boxes = [control]
        else:
            # lxml says it where a choice is not offered.
            control.value = value
            return
        for box in boxes:
            box.checked = box.get("value") in values
        assert sum(box.checked for box in boxes) == len(values), f"{name} does not offer {value}"


class Seen:
    def __init__(self, browser):
        self.browser = browser

    def sign_in(self, station):
        """As somebody else: the same browser, another session."""
        self.browser.station = station
        self.browser.driver.add_cookie({"name": "session", "value": station.token, "path": "/", "sameSite": "Strict"})
        return self

    @property
    def path(self):
        return self.browser.path

    def open(self, path):
        self.browser.go(path)
        return self

    def send(self, fields, button=None, action=""):
        form = self._form(fields, button, action)
        key = form.find_element("css selector", "[name=command]").get_attribute("value")
        for name, value in fields.items():
            self._fill(form, name, value)
        page = self.browser.one("html")
        selector = f"button[name='{button[0]}'][value='{button[1]}']" if button else "button:not([name])"
        form.find_element("css selector", selector).click()
        self.browser.wait(lambda: self._has_gone(page), f"nothing came of {fields} on {self.path}")
        if self.browser.all("main [data-error], main .error[role=alert]"):
            raise Refused(f"{self.path} refuses {fields}: {self.browser.one('main').text[:800]}")
        return key

    def _has_gone(self, page):
        try:
            page.is_enabled()
        except Exception:  # noqa: BLE001 - whatever the driver calls an element of a page that is left
            return self.browser.run("return document.readyState") == "complete"
        return False

    def _form(self, fields, button, action):
        wanted = [f"[name='{name}']" for name in [*fields, "command"]]
        if button:
            wanted.append(f"button[name='{button[0]}'][value='{button[1]}']")

        def fitting():
            return [form for form in self.browser.all("main form[method=post]")
                    if action in form.get_attribute("action")
                    and all(form.find_elements("css selector", selector) for selector in wanted)]

        return self.browser.wait(lambda: fitting() or None, f"no form of {self.path} takes {sorted(fields)}")[0]

    def _fill(self, form, name, value):
        controls = form.find_elements("css selector", f"[name='{name}']")
        for folded in form.find_elements("css selector", f"details:not([open]):has([name='{name}']) > summary"):
            folded.click()
        kind = controls[0].get_attribute("type")
        if controls[0].tag_name == "select":
            Select(controls[0]).select_by_value(value)
        elif kind in ("radio", "checkbox"):
            values = value if isinstance(value, list) else [value]
            for control in controls:
                if control.get_attribute("value") in values and not control.is_selected():
                    control.click()
            assert sum(c.is_selected() for c in controls) == len(values), f"{name} does not offer {value}"
        else:
            controls[0].clear()
            controls[0].send_keys(value)


def uuid_after(path, folder):
    """The UUID that follows a folder in an address, or the value of that parameter of its query."""
    parts = urllib.parse.urlsplit(path)
    if found := urllib.parse.parse_qs(parts.query).get(folder):
        return found[0]
    names = parts.path.split("/")
    return names[names.index(folder) + 1]
