import Foundation
import Hospital

/// What the board can be narrowed to: it dims the rest, and every bed keeps its place.
enum BedFilter: String, CaseIterable {
  case free, clean, reserved, closed, isolated, extra, women, men, conflict

  /// The cell that stands for it, where one does.
  var face: BedFace? {
    switch self {
    case .free: .free
    case .clean: .toClean
    case .reserved: .reserved
    case .closed: .closed
    case .women: .occupied(.female)
    case .men: .occupied(.male)
    case .conflict: .conflict(2)
    case .isolated, .extra: nil
    }
  }

  /// The filter that somebody typed after `/`: "libre", "à nettoyer", "women" …
  init?(typed: String) {
    let word = NameFolding.plain(typed)
    let starts: [(String, BedFilter)] = [
      ("libre", .free), ("free", .free), ("a nettoyer", .clean), ("nettoy", .clean), ("to clean", .clean),
      ("clean", .clean), ("reserv", .reserved), ("ferme", .closed), ("closed", .closed), ("isole", .isolated),
      ("isolation", .isolated), ("ajoute", .extra), ("extra", .extra), ("femme", .women), ("women", .women),
      ("homme", .men), ("men", .men), ("tranch", .conflict), ("a trancher", .conflict), ("conflit", .conflict),
      ("conflict", .conflict),
    ]
    guard word.utf8.count >= 3, let found = starts.first(where: { word.hasPrefix($0.0) }) else { return nil }
    self = found.1
  }
}

/// Words compared without accents, case or outer spaces.
enum NameFolding {
  static func plain(_ text: String) -> String {
    text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil).trimmed
  }
}
