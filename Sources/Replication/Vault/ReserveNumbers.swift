import FoundationEssentials
import Hospital
import Ledger
import Register

/// The numbers that a paper kept, for the one station that is restored from it: a signed mark in the vault says that
/// somebody took them, so that a second restore from the same paper does not give them again.
public struct ReserveNumbers: Sendable {
  /// Longer than any hospital stays restored without new papers.
  private static let markDays = 365

  private let paper: RecoveryPaper
  private let target: any VaultTarget
  private let folder: String
  private let environment: Environment

  /// - Parameter folder: for a small file, while the mark is put.
  public init(of paper: RecoveryPaper, in target: any VaultTarget, folder: String, environment: Environment) {
    (self.paper, self.target, self.folder, self.environment) = (paper, target, folder, environment)
  }

  /// Takes them, unless another station did.
  /// - Parameter note: hears, in a sentence, why they were not taken or could not be marked.
  /// - Throws: `Refusal` where the paper keeps none.
  public func take(_ register: Register, note: (String) -> Void) async throws {
    guard let key = paper.openingKey, let root = paper.rootKey else { return }
    let name = RecoveryPaper.name(of: key.recipient)
    let (own, kept) = try register.read { reading in
      (try reading.slices(ofStation: register.station), try reading.slices(ofStation: name))
    }
    guard !own.contains(where: { $0.kind == .ipp }) else { return }
    let marks = try await target.list(ReserveMark.start(of: name)).compactMap {
      ReserveMark(path: $0.name, of: name, root: root.publicKey)
    }
    if let other = marks.first(where: { $0.station != register.station }) {
      return note(
        "NOBODY CAN BE ADMITTED HERE: another station was restored from this paper (\(other.station)) and has its "
          + "numbers. Work there, restore from another paper, or give this one a range: permanence numbers grant.")
    }
    // Before they are taken: a restore that is cut short between the two goes on by its own mark.
    if marks.isEmpty, kept.contains(where: { $0.kind != .unknown }) {
      await put(ReserveMark(paper: name, station: register.station), root, note)
    }
    _ = try await register.submit(Submission(TakeReserve(of: name), key: environment.newID(), author: "system"))
  }

  private func put(_ mark: ReserveMark, _ root: SigningKey, _ note: (String) -> Void) async {
    let file = "\(folder)/reserve"
    try? FileManager.default.removeItem(atPath: file)
    defer { try? FileManager.default.removeItem(atPath: file) }
    do {
      let path = try mark.path(signedBy: root)
      do {
        let text = try DiskFile(creating: file, mode: 0o600)
        try text.write(Array(path.utf8))
      }
      _ = try await target.put(file, as: path, until: environment.now().adding(seconds: Self.markDays * 86_400))
    } catch {
      note(
        "The vault takes no mark that this paper's numbers are used (\(error)): restore from this paper only once.")
    }
  }
}
