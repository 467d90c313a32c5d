import Mustache

/// The pages' templates, one set for each language: `{{#t}}key{{/t}}` is replaced once, before a template is compiled,
/// so that rendering never looks a sentence up.
struct Templates: Sendable {
  private let libraries: [Language: MustacheLibrary]

  /// - Throws: mustache's own error where a template does not parse.
  init(_ sources: [String: [UInt8]], texts: Texts) throws {
    MustacheContentTypes.register(EscapedContent(), named: EscapedContent.name)
    var libraries: [Language: MustacheLibrary] = [:]
    for language in Language.allCases {
      var templates: [String: MustacheTemplate] = [:]
      for (name, bytes) in sources {
        let source = String(decoding: bytes, as: UTF8.self)
        let translated = Templates.translated(source) { texts($0, language) }
        templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(EscapedContent.name)}}" + translated)
      }
      libraries[language] = MustacheLibrary(templates: templates)
    }
    self.libraries = libraries
  }

  /// Empty where there is no template of that name.
  func render(_ name: String, _ model: Any, _ language: Language) -> String {
    libraries[language]?.render(model, withTemplate: name) ?? ""
  }

  static func translated(_ source: String, _ text: (String) -> String) -> String {
    var out = ""
    var parts = source.components(separatedBy: "{{#t}}")[...]
    out += parts.popFirst() ?? ""
    for part in parts {
      let halves = part.components(separatedBy: "{{/t}}")
      out += escaped(text(halves[0]))
      out += halves.dropFirst().joined(separator: "{{/t}}")
    }
    return out
  }
}
