/// The board's words in one language, looked up once: a thousand cells do not ask for them again.
public struct BoardWords: Sendable {
  private let faces: [String: String]
  let bed: String
  let isolation: String
  let extra: String
  let unstaffed: String
  let occupied: String
  let free: String
  let toClean: String
  let closed: String
  let reserved: String

  /// - Parameter text: the sentence of a key in the language wanted.
  public init(_ text: (String) -> String) {
    faces = Dictionary(uniqueKeysWithValues: BedFace.keys.map { ($0, text("beds.face.\($0)")) })
    bed = text("beds.bed")
    isolation = text("beds.isolation")
    extra = text("beds.extra")
    unstaffed = text("beds.unstaffed")
    occupied = text("beds.count.occupied")
    free = text("beds.count.free")
    toClean = text("beds.count.to-clean")
    closed = text("beds.count.closed")
    reserved = text("beds.count.reserved")
  }

  func face(_ face: BedFace) -> String { faces[face.key] ?? face.key }
}
