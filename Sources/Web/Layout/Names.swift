import Hospital
import Ledger

/// What codes and ids are called on a page.
package struct Names: Sendable {
  let structure: Structure?
  /// Names of accounts by id.
  let accounts: [String: String]
  /// What `system` is called.
  let system: String

  package init(structure: Structure?, accounts: [String: String] = [:], system: String) {
    self.structure = structure
    self.accounts = accounts
    self.system = system
  }

  /// `4 Est` of `4EST`; the code itself where the structure does not know it.
  package func unit(_ code: String) -> String { structure?.unit(code)?.name ?? code }

  /// What a sheet of a round is of: a unit, or the whole emergency department.
  func sheet(_ unit: String, _ wording: Wording) -> String {
    unit.sameBytes(as: SheetNumber.emergency) ? wording("emergency.title") : self.unit(unit)
  }

  /// `Petit Anne` of `account/<uuid>`.
  package func account(_ id: String) -> String { id == "system" ? system : accounts[id] ?? id }

  /// Who saw the bed on a round, as the sheet says it, else who typed it in.
  func seenBy(_ bed: Bed) -> String? { bed.seenBy ?? bed.seenSaid.map { account($0.author) } }

  /// `urg-1` of `urg-1-3fa9c2d1`.
  package func station(_ name: String) -> String {
    guard let dash = name.lastIndex(of: "-"), name[dash...].utf8.count == 9 else { return name }
    return String(name[..<dash])
  }

  /// `4 Est, chambre 412, lit 1`; nil where nothing is known of it.
  package func place(_ place: Place, _ wording: Wording) -> String? {
    var parts = [place.unit.map(unit)].compactMap { $0 }
    if let room = place.room, place.bed?.hasPrefix(room) != true { parts.append(wording("place.room", ["room": room])) }
    if let bed = place.bed { parts.append(wording("place.bed", ["bed": bed])) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
