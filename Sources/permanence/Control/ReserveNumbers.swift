import Foundation
import Hospital
import Ledger
import Register
import Replication

/// The numbers that a paper kept, for the one station that is restored from it: a signed mark in the vault says that
/// somebody took them, so that a second restore from the same paper does not give them again.
struct ReserveNumbers: Sendable {
  /// Longer than any hospital stays restored without new papers.
  private static let markDays = 365

  let paper: RecoveryPaper
  let target: any VaultTarget
  let folder: String

  func take(_ register: Register) async throws {
    guard let key = paper.openingKey, let root = paper.rootKey else { return }
    let name = RecoveryPaper.name(of: key.recipient)
    let own = try register.read { try $0.slices(ofStation: register.station) }
    guard !own.contains(where: { $0.kind == .ipp }) else { return }
    let marks = try await target.list(ReserveMark.start(of: name)).compactMap {
      ReserveMark(path: $0.name, of: name, root: root.publicKey)
    }
    if let other = marks.first(where: { $0.station != register.station }) {
      Terminal.note(
        "Another station was restored from this paper (\(other.station)) and has its numbers: give this one a range, "
          + "with permanence numbers grant.")
      return
    }
    do {
      _ = try await register.submit(
        Submission(TakeReserve(of: name), key: Environment.live.newID(), author: "system"))
    } catch let refusal as Refusal where refusal.code == "numbers-no-reserve" {
      Terminal.note(Sentence.text(of: refusal))
      return
    }
    await put(ReserveMark(paper: name, station: register.station), root)
  }

  private func put(_ mark: ReserveMark, _ root: SigningKey) async {
    let file = "\(folder)/reserve"
    defer { try? FileManager.default.removeItem(atPath: file) }
    do {
      let path = try mark.path(signedBy: root)
      try Data(path.utf8).write(to: URL(filePath: file))
      _ = try await target.put(file, as: path, until: Environment.live.now().adding(seconds: Self.markDays * 86_400))
    } catch {
      Terminal.note(
        "The vault takes no mark that this paper's numbers are used (\(error)): restore from this paper only once.")
    }
  }
}
