import Ledger

extension RecoveryPaper {
  static let hospitalLabel = "HOPITAL / HOSPITAL:"
  static let fingerprintLabel = "RACINE / ROOT:"
  static let reserveLabel = "RESERVE:"

  /// Reads the printed file, or its lines `R1` to `R3` (and `A1` to `A3`) typed from paper in any order: lower case,
  /// `o` for 0, `i` or `l` for 1, spaces and hyphens anywhere. Everything else in the text is left aside.
  public init(reading text: String) throws(PaperFailure) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
    func fields(_ label: String) -> [String] {
      lines.filter { $0.hasPrefix(label) }.map {
        String($0.dropFirst(label.count).drop(while: \.isWhitespace))
      }
    }
    guard let recovery = try PaperSecret.find(.recovery, in: lines) else { throw .noRecoveryKey }
    self.recovery = recovery
    root = try PaperSecret.find(.authority, in: lines)
    hospital = fields(Self.hospitalLabel).first ?? ""
    let printed = fields(Self.fingerprintLabel).first?.filter { !$0.isWhitespace }.lowercased()
    let own = root.flatMap { SigningKey(seed: $0.bytes)?.publicKey.fingerprint }
    if let own, let printed, own != printed { throw .fingerprint }
    rootFingerprint = printed ?? own ?? ""
    reserve = fields(Self.reserveLabel)
  }
}

extension PaperSecret {
  /// The compact line if there is one that checks, else the numbered lines; nil where there are neither.
  fileprivate static func find(_ purpose: Purpose, in lines: [Substring]) throws(PaperFailure) -> PaperSecret? {
    let prefix = compactPrefix(purpose)
    for line in lines where line.uppercased().hasPrefix(prefix) {
      let typed = line.dropFirst(prefix.count).filter { !$0.isWhitespace }
      if let secret = Base32.values(typed: typed).flatMap({ PaperSecret(purpose, values: $0) }) { return secret }
    }
    var typed: [Int: String] = [:]
    for line in lines {
      guard let (number, rest) = numbered(purpose, line) else { continue }
      typed[number] = rest
    }
    if typed.isEmpty { return nil }
    var all: [UInt8] = []
    for number in 1...linesCount {
      guard let line = typed[number] else { throw .missingLine(purpose, number: number) }
      guard let values = values(ofLine: number, of: purpose, line) else { throw .line(purpose, number: number) }
      all += values
    }
    guard let secret = PaperSecret(purpose, values: all) else { throw .mixed(purpose) }
    return secret
  }

  /// `R2 XXXXX …` as 2 and the rest; nil for a line of anything else.
  private static func numbered(_ purpose: Purpose, _ line: Substring) -> (number: Int, rest: String)? {
    guard let first = line.first, first.uppercased() == String(purpose.rawValue),
      let digit = line.dropFirst().first, let value = Base32.values(typed: String(digit))?.first,
      (1...linesCount).contains(Int(value))
    else { return nil }
    let rest = line.dropFirst(2)
    // "Al" and "Ri" also begin words: a line of a secret goes on after a space.
    guard let next = rest.first, next.isWhitespace else { return nil }
    return (Int(value), String(rest))
  }
}
