import Testing
import Web

@Suite struct FormFieldTests {
  private func html(_ field: FormField) -> String {
    var out = ""
    field.write(into: &out)
    return out
  }

  @Test func theRefusalStandsBesideItsFieldAndWhatWasTypedStays() {
    var field = FormField("at", "Entrée le", value: "31/02/2022 \"02:10\"", help: "02:10")
    field.error = "Le 31 février n’existe pas."
    let html = html(field)
    #expect(html.contains("data-error"))
    #expect(html.contains(#"value="31/02/2022 &quot;02:10&quot;""#))
    #expect(html.contains(#"aria-describedby="at-help at-error" aria-invalid="true""#))
    #expect(html.contains(#"<p class="error" id="at-error">Le 31 février n’existe pas.</p>"#))
  }

  @Test func theChosenOptionIsSelectedWithinItsGroup() {
    let choices = [
      FormField.Choice("", "–"), FormField.Choice("URG", "Urgences", group: "Pôle 1"),
      FormField.Choice("4EST", "4 Est", group: "Pôle 2"),
    ]
    let html = html(FormField("unit", "Unité", .select(choices), value: "4EST"))
    #expect(html.contains(#"<optgroup label="Pôle 2"><option value="4EST" selected>4 Est</option></optgroup>"#))
    #expect(html.contains(#"<optgroup label="Pôle 1"><option value="URG">Urgences</option></optgroup>"#))
  }

  @Test(arguments: ["<script>", "\"><b>", "'><b>"])
  func nothingTypedBecomesMarkup(text: String) {
    var field = FormField("x", text, value: text, help: text)
    field.error = text
    field.suggestions = [text]
    for kind: FormField.Kind in [
      .text, .area, .select([.init(text, text, group: text)]), .radios([.init(text, text)]), .check,
    ] {
      field.kind = kind
      let html = html(field)
      #expect(!html.contains("<script") && !html.contains("<b>"))
    }
  }
}
