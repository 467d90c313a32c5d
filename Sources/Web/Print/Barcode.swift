import CZint

/// A barcode as dark rectangles on a grid of modules, drawn by libzint and free of it afterwards.
///
/// Code 128 carries numbers, because that is what the laboratory's and the ward's scanners read; DataMatrix carries
/// a wristband; QR carries a badge.
public struct Barcode: Sendable, Equatable {
  public enum Kind: Sendable, CaseIterable {
    case code128, dataMatrix, qr
  }

  /// One dark rectangle, in modules from the top left corner.
  public struct Bar: Sendable, Equatable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int
  }

  public let kind: Kind
  /// What a scanner answers.
  public let content: String
  /// Modules, quiet zones excluded. A Code 128 is one module high: it is stretched when drawn.
  public let width: Int
  public let height: Int
  public let bars: [Bar]

  /// Modules to leave white on each side: ISO/IEC 15417 asks 10, 16022 asks 1 (2 read better on a curved wrist),
  /// 18004 asks 4.
  public var quiet: Int {
    switch kind {
    case .code128: 10
    case .dataMatrix: 2
    case .qr: 4
    }
  }

  /// - Parameter content: printable ASCII for Code 128; any text for the two others.
  public init(_ kind: Kind, _ content: String) throws(BarcodeFailure) {
    guard !content.isEmpty else { throw .empty }
    if kind == .code128, let odd = content.unicodeScalars.first(where: { !(0x20...0x7E).contains($0.value) }) {
      throw .unprintable(odd)
    }
    if content.unicodeScalars.contains(where: { $0.value == 0 }) { throw .unprintable("\0") }
    let drawn = try drawn(kind, content)
    self.kind = kind
    self.content = content
    bars = drawn
    width = drawn.map { $0.x + $0.width }.max() ?? 0
    height = drawn.map { $0.y + $0.height }.max() ?? 0
  }
}

/// Why nothing was drawn. The content itself is never in the message: it may be a patient's number.
public enum BarcodeFailure: Error, Sendable, Equatable {
  case empty
  /// A character that this kind cannot carry to every scanner.
  case unprintable(Unicode.Scalar)
  case tooLong(bytes: Int)
  /// libzint's own words.
  case refused(String)
}

/// libzint draws two units for a module at scale 1.
private let unitsPerModule: Float = 2

private func drawn(_ kind: Barcode.Kind, _ content: String) throws(BarcodeFailure) -> [Barcode.Bar] {
  // libzint keeps all its state in the symbol: one symbol a call makes this safe from any thread.
  guard let symbol = ZBarcode_Create() else { throw .refused("no memory") }
  defer { ZBarcode_Delete(symbol) }
  symbol.pointee.symbology =
    switch kind {
    case .code128: BARCODE_CODE128
    case .dataMatrix: BARCODE_DATAMATRIX
    case .qr: BARCODE_QRCODE
    }
  symbol.pointee.show_hrt = 0
  symbol.pointee.input_mode = UNICODE_MODE
  symbol.pointee.output_options = BARCODE_NO_QUIET_ZONES
  switch kind {
  case .code128: symbol.pointee.height = 1
  case .dataMatrix: symbol.pointee.option_3 = DM_SQUARE
  case .qr: symbol.pointee.option_1 = 2  // level M: a badge lives in a pocket
  }
  var bytes = Array(content.utf8)
  let length = Int32(bytes.count)
  var code = ZBarcode_Encode(symbol, &bytes, length)
  if code < ZINT_ERROR { code = ZBarcode_Buffer_Vector(symbol, 0) }
  guard code < ZINT_ERROR else {
    if code == ZINT_ERROR_TOO_LONG { throw .tooLong(bytes: bytes.count) }
    throw .refused(message(of: symbol))
  }
  var bars: [Barcode.Bar] = []
  var next = symbol.pointee.vector?.pointee.rectangles
  while let rectangle = next {
    let bar = rectangle.pointee
    bars.append(
      Barcode.Bar(
        x: modules(bar.x), y: kind == .code128 ? 0 : modules(bar.y),
        width: modules(bar.width), height: kind == .code128 ? 1 : modules(bar.height)))
    next = bar.next
  }
  guard !bars.isEmpty else { throw .refused("nothing drawn") }
  return bars
}

private func modules(_ units: Float) -> Int { Int((units / unitsPerModule).rounded()) }

private func message(of symbol: UnsafeMutablePointer<zint_symbol>) -> String {
  withUnsafeBytes(of: symbol.pointee.errtxt) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
