/// What can be printed of a wristband, in millimetres: the flat part, without clasp and tail.
public struct WristbandFormat: Sendable, Equatable, Codable {
  /// `adult`, `child`, `newborn`, or a site's own.
  public var name: String
  public var length: Double
  public var height: Double

  public init(name: String, length: Double, height: Double) {
    self.name = name
    self.length = length
    self.height = height
  }

  public static let usual = [
    WristbandFormat(name: "adult", length: 110, height: 25),
    WristbandFormat(name: "child", length: 90, height: 25),
    WristbandFormat(name: "newborn", length: 70, height: 19),
  ]
}
