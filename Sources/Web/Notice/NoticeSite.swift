import Hospital
import Ledger
import Register

/// The notice as files for any web server: pages in both languages, RSS, every older version, and what is signed. No
/// script, nothing from elsewhere, nothing of a patient.
public enum NoticeSite {
  public struct File: Sendable, Equatable {
    /// Under the folder that is published.
    public var path: String
    public var bytes: [UInt8]
  }

  /// None before a version was approved.
  /// - Parameter base: the folder's address on the web, for links in the RSS feed: `https://hopital.example/crise/`.
  public static func files(of register: Register, base: String?, texts: Texts = .builtIn) throws -> [File] {
    let notices = try register.read { try $0.notices() }.filter { $0.status == .approved }
    guard let current = notices.current else { return [] }
    let templates = try Templates(AllTemplates.sources, texts: texts)
    var files: [File] = []
    func add(_ path: String, _ text: String) { files.append(File(path: path, bytes: Array(text.utf8))) }
    for language in Language.allCases {
      for notice in [nil] + notices.map(Optional.some) {
        let site = Site(shown: notice ?? current, isOld: notice.map { $0.id != current.id } ?? false, all: notices)
        guard let model = site.model(inFolder: notice != nil, language, texts) else { continue }
        add(notice.map { page($0, language) } ?? index(language), templates.render("notice-site", model, language))
      }
      add("feed.\(language.rawValue).xml", feed(notices, current, base, language, texts))
    }
    for notice in notices {
      guard let document = notice.document else { continue }
      add(self.document(notice), document)
      files.append(File(path: "\(self.document(notice)).sig", bytes: try register.signature(of: Array(document.utf8))))
    }
    add("station.pem", register.publicKey.pem)
    return files
  }

  static func index(_ language: Language) -> String { language == .fr ? "index.html" : "index.en.html" }

  private static func name(_ notice: Notice) -> String { "\(notice.number)-\(notice.hash?.prefix(8) ?? "")" }

  fileprivate static func page(_ notice: Notice, _ language: Language) -> String {
    "versions/\(name(notice)).\(language.rawValue).html"
  }

  fileprivate static func document(_ notice: Notice) -> String { "versions/\(name(notice)).json" }

  /// RSS 2.0, the newest first.
  private static func feed(
    _ notices: [Notice], _ current: Notice, _ base: String?, _ language: Language, _ texts: Texts
  ) -> String {
    let title = "\(current.content?.hospital ?? "") : \(texts("notice.public.title", language))"
    let base = base.map { $0.hasSuffix("/") ? $0 : "\($0)/" } ?? ""
    var out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>\(escaped(title))</title>"
    out += "<link>\(escaped(base + index(language)))</link><description>\(escaped(title))</description>"
    out += "<language>\(language.rawValue)</language>\n"
    for notice in notices {
      guard let outward = OutwardModel(notice, texts, language), let hash = notice.hash else { continue }
      out += "<item><title>\(escaped(outward.version))</title><link>\(escaped(base + page(notice, language)))</link>"
      out += "<guid isPermaLink=\"false\">\(hash)</guid><pubDate>\(outward.content.madeAt.httpDate)</pubDate>"
      out += "<description>\(escaped(outward.sentence))</description></item>\n"
    }
    return out + "</channel></rss>\n"
  }

  private struct Site {
    var shown: Notice
    var isOld: Bool
    var all: [Notice]

    /// A page stays small however long it lasts; RSS names every version.
    static let linkedMax = 20

    func model(inFolder: Bool, _ language: Language, _ texts: Texts) -> [String: any Sendable]? {
      guard let outward = OutwardModel(shown, texts, language) else { return nil }
      let other: Language = language == .fr ? .en : .fr
      let root = inFolder ? "../" : ""
      let before = all.filter { $0.id != shown.id }.prefix(Self.linkedMax)
      return outward.model.merging([
        "root": root, "old": isOld, "newest": root + index(language), "document": document(shown),
        "other": root + (inFolder ? page(shown, other) : index(other)), "otherLanguage": other.rawValue,
        "otherName": other == .fr ? "Français" : "English", "any": !before.isEmpty,
        "versions": before.compactMap { notice in
          notice.version.map { ["href": root + page(notice, language), "version": $0] }
        },
      ]) { $1 }
    }
  }
}
