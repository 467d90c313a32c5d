/// One line of a unit's list: a bed, and who lies there if anyone does.
public struct UnitListEntry: Sendable, Equatable {
  /// UUIDs, for links; nil for someone without a bed, or a bed without anyone.
  public var bed: String?
  public var stay: String?
  public var protected: Bool
  public var cells: [UnitListColumn: UnitListCell]
  /// What an empty bed says instead of all that: free, to clean, closed and why.
  public var empty: String?

  public init(
    bed: String?, stay: String?, protected: Bool, cells: [UnitListColumn: UnitListCell], empty: String? = nil
  ) {
    self.bed = bed
    self.stay = stay
    self.protected = protected
    self.cells = cells
    self.empty = empty
  }

  /// The cell to print for `column` in `version`: never nothing.
  public func cell(_ column: UnitListColumn, in version: UnitListVersion) -> UnitListCell {
    if protected, version.hidesProtected, column == .identity || column == .number { return .withheld }
    return cells[column] ?? .notAsked
  }
}
