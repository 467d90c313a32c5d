import Yams

/// What a site prints on: its template, its sheets, its printers. One YAML file; what it does not say is as usual.
///
///     label:
///       width: 70
///       height: 37
///       texts:
///         - {field: birthName, x: 4, y: 7, width: 62, size: 4.6, bold: true}
///       codes:
///         - {field: nda, prefix: "", box: {x: 2, y: 23.8, width: 62, height: 8}}
///     printers:
///       - {name: Admissions, host: 192.168.7.20, port: 9100}
public struct PrintSettings: Sendable, Equatable, Codable {
  public var label: LabelTemplate
  public var sheets: [LabelSheet]
  public var wristbands: [WristbandFormat]
  /// The only addresses that anything is ever sent to.
  public var printers: [ThermalPrinter]

  public static let usual = PrintSettings(
    label: .standard, sheets: LabelSheet.usual, wristbands: WristbandFormat.usual, printers: [])

  public init(
    label: LabelTemplate, sheets: [LabelSheet], wristbands: [WristbandFormat], printers: [ThermalPrinter]
  ) {
    self.label = label
    self.sheets = sheets
    self.wristbands = wristbands
    self.printers = printers
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let usual = PrintSettings.usual
    label = try values.decodeIfPresent(LabelTemplate.self, forKey: .label) ?? usual.label
    sheets = try values.decodeIfPresent([LabelSheet].self, forKey: .sheets) ?? usual.sheets
    wristbands = try values.decodeIfPresent([WristbandFormat].self, forKey: .wristbands) ?? usual.wristbands
    printers = try values.decodeIfPresent([ThermalPrinter].self, forKey: .printers) ?? usual.printers
    guard sheets.allSatisfy({ $0.columns > 0 && $0.rows > 0 && $0.width > 0 && $0.height > 0 }), !sheets.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .sheets, in: values, debugDescription: "a sheet needs columns, rows and millimetres above zero")
    }
    // RNIV: no label without its identity status.
    guard label.texts.contains(where: { $0.field == .status && $0.size > 0 && $0.width > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .label, in: values,
        debugDescription: "a label bears the identity status: give it a text of field status")
    }
    guard wristbands.allSatisfy({ $0.length >= 40 && $0.height >= 10 }), !wristbands.isEmpty else {
      throw DecodingError.dataCorruptedError(
        forKey: .wristbands, in: values, debugDescription: "a wristband is at least 40 mm by 10 mm")
    }
  }

  /// - Throws: Yams's error, which names the line and the key.
  public init(yaml: String) throws {
    self = try YAMLDecoder().decode(PrintSettings.self, from: yaml)
  }

  /// The sheet of that name, else the first.
  public func sheet(_ name: String?) -> LabelSheet { sheets.first { $0.name == name } ?? sheets[0] }

  public func wristband(_ name: String?) -> WristbandFormat {
    wristbands.first { $0.name == name } ?? wristbands[0]
  }

  public func printer(_ name: String?) -> ThermalPrinter? { printers.first { $0.name == name } }
}
