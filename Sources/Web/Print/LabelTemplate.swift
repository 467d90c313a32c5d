/// Where each thing stands on a site's label, in millimetres, as the main system's own label has it: the laboratory's
/// analysers and people's eyes expect the same content at the same place.
public struct LabelTemplate: Sendable, Equatable, Codable {
  /// One label, in millimetres.
  public var width: Double
  public var height: Double
  public var texts: [Text]
  public var codes: [Code]

  /// A line of text. Longer text is squeezed, then cut with "…": never spilled on the next label.
  public struct Text: Sendable, Equatable, Codable {
    public var field: LabelField
    public var x: Double
    /// The baseline.
    public var y: Double
    public var width: Double
    /// Height of the letters' line, millimetres.
    public var size: Double
    public var bold: Bool

    public init(_ field: LabelField, x: Double, y: Double, width: Double, size: Double, bold: Bool = false) {
      self.field = field
      self.x = x
      self.y = y
      self.width = width
      self.size = size
      self.bold = bold
    }
  }

  /// A Code 128: the field's value after `prefix`, nothing added, nothing taken away.
  public struct Code: Sendable, Equatable, Codable {
    public var field: LabelField
    public var prefix: String
    public var box: Box

    public init(_ field: LabelField, prefix: String = "", box: Box) {
      self.field = field
      self.prefix = prefix
      self.box = box
    }
  }

  public init(width: Double, height: Double, texts: [Text], codes: [Code]) {
    self.width = width
    self.height = height
    self.texts = texts
    self.codes = codes
  }

  /// 70 × 37 mm: names, traits, numbers, then the stay's number as Code 128.
  public static let standard = LabelTemplate(
    width: 70, height: 37,
    texts: [
      Text(.birthName, x: 4, y: 7, width: 62, size: 4.6, bold: true),
      Text(.givenName, x: 4, y: 11.6, width: 62, size: 4, bold: true),
      Text(.traits, x: 4, y: 15.6, width: 46, size: 3.2),
      Text(.status, x: 51, y: 15.6, width: 15, size: 3.2, bold: true),
      Text(.usedName, x: 4, y: 19.2, width: 62, size: 3),
      Text(.ippLine, x: 4, y: 22.6, width: 31, size: 2.9),
      Text(.unit, x: 36, y: 22.6, width: 30, size: 2.9),
      Text(.ndaLine, x: 4, y: 34.8, width: 40, size: 2.9, bold: true),
      Text(.admitted, x: 46, y: 34.8, width: 20, size: 2.6),
    ],
    codes: [Code(.nda, box: Box(x: 2, y: 23.8, width: 62, height: 8))])
}

/// What a label can say.
public enum LabelField: String, Sendable, CaseIterable, Codable {
  case birthName, givenName, usedName
  /// Sex, birth date, age.
  case traits
  /// Identity status: on every label.
  case status
  case ipp, nda
  /// The same with its name before it.
  case ippLine, ndaLine
  case unit, admitted
}
