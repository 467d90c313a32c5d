/// The board's words in one language, looked up once: a thousand cells do not ask for them again.
public struct BoardWords: Sendable {
  private let faces: [String: String]
  private let isolations: [String: String]
  let bed: String
  let all: String
  let isolation: String
  let extra: String
  let unstaffed: String
  let occupied: String
  let free: String
  let toClean: String
  let closed: String
  let reserved: String
  let withoutBed: String
  let leaves: String

  /// - Parameter text: the sentence of a key in the language wanted.
  public init(_ text: (String) -> String) {
    faces = Dictionary(uniqueKeysWithValues: BedFace.keys.map { ($0, text("beds.face.\($0)")) })
    isolations = Dictionary(
      uniqueKeysWithValues: Isolation.allCases.map { ($0.rawValue, text("isolation.\($0.rawValue)")) })
    bed = text("beds.bed")
    all = text("beds.count.all")
    isolation = text("beds.isolation")
    extra = text("beds.extra")
    unstaffed = text("beds.unstaffed")
    occupied = text("beds.count.occupied")
    free = text("beds.count.free")
    toClean = text("beds.count.to-clean")
    closed = text("beds.count.closed")
    reserved = text("beds.count.reserved")
    leaves = text("beds.leaves")
    withoutBed = text("beds.count.without-bed")
  }

  func kind(of isolation: String) -> String { isolations[isolation] ?? isolation }

  func face(_ face: BedFace) -> String { faces[face.key] ?? face.key }

  /// "1 004 lits · 871 occupés · 96 libres · …": the line beside the title.
  public func counts(of units: [BoardUnit]) -> String {
    let beds = units.reduce(0) { $0 + $1.beds.count }
    let figures = [
      (beds, all), (units.reduce(0) { $0 + $1.occupied }, occupied), (units.reduce(0) { $0 + $1.free }, free),
      (units.reduce(0) { $0 + $1.toClean }, toClean), (units.reduce(0) { $0 + $1.closed }, closed),
    ]
    return figures.map { "\(grouped($0)) \($1)" }.joined(separator: " · ")
  }
}

/// `1 004`, with the narrow no-break space that French asks for.
func grouped(_ number: Int) -> String {
  number < 1000
    ? String(number) : grouped(number / 1000) + "\u{202F}" + String(String(number % 1000 + 1000).dropFirst())
}
