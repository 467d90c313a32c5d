import ArgumentParser
import Foundation
import Hospital
import Ledger
import Register
import Replication

struct VaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault", abstract: "The sealed copies that nobody can overwrite before their date.",
    subcommands: [Seal.self, Prove.self, Status.self])

  struct Seal: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Seal all that the vault lacks, and a snapshot of the whole station.")
    @OptionGroup var data: DataOptions
    @Option(help: "A folder on another disk, or s3://BUCKET with Object Lock (AWS_ENDPOINT_URL and AWS_… say how).")
    var to: String
    @Option(help: "How long nobody can erase it.") var retentionDays = VaultSealing.retentionDays

    @Flag(help: "Only the lines that came since, without a snapshot.") var lines = false

    func validate() throws {
      guard VaultAddress(to) != nil else {
        throw ValidationError("\(to) is no vault: write a folder's path or s3://BUCKET.")
      }
      guard (1...3650).contains(retentionDays) else { throw ValidationError("--retention-days takes 1 to 3650.") }
    }

    var arguments: [String] {
      ["vault", "seal", "--to", (try? Vaulting.absolute(to)) ?? to, "--retention-days", String(retentionDays)]
        + (lines ? ["--lines"] : [])
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let address = try Vaulting.absolute(to)
      guard address != register.path, !address.hasPrefix(register.path + "/") else {
        throw Sentence("A vault in the data folder is lost with it: take another disk, or a share.")
      }
      let sealed = try await Vaulting(register).seal(to: address, snapshot: !lines, retentionDays: retentionDays)
      try register.addVaultTarget(address)
      if let failure = sealed.snapshotFailure {
        throw Sentence(
          "No snapshot is sealed to \(address), and lines as far as they could be: \(Sentence(failure).text)")
      }
      if let failure = sealed.lockFailure {
        throw Sentence(
          "All is sealed to \(address), and what lay there before is not locked for longer: \(Sentence(failure).text)")
      }
      func count(_ kind: SealedObject.Kind) -> Int { sealed.objects.filter { $0.kind == kind }.count }
      let answer = SealAnswer(
        to: address, segments: count(.lines), snapshots: count(.snapshot),
        bytes: sealed.objects.reduce(0) { $0 + $1.bytes },
        retention: sealed.objects.compactMap(\.lockedUntil).min()?.text, renewed: sealed.renewed,
        gone: sealed.gone.paths, goneCount: sealed.gone.count, programFailure: sealed.programFailure)
      let locked =
        answer.retention.map { "nobody can erase them before \($0.prefix(10))" }
        ?? "this folder locks nothing: keep it where this machine cannot write over it"
      return try Answer(
        answer,
        text: "\(answer.segments) segments and \(answer.snapshots) snapshot sealed to \(address); \(locked)."
          + (sealed.gone.count == 0 ? "" : " \(sealed.gone.count) objects were gone, and are sealed again: look at it.")
          + (answer.programFailure.map { " The program does not lie there: \($0)" } ?? ""))
    }
  }

  struct Prove: EndedCommand {
    static let configuration = CommandConfiguration(
      abstract: "Restore the newest whole snapshot into an empty place, verify it, fold it again, recount.")
    @OptionGroup var data: DataOptions
    @Option(help: "The vault; all that this station seals to, if absent.") var from: String?

    var arguments: [String] {
      ["vault", "prove"] + (from.map { ["--from", (try? Vaulting.absolute($0)) ?? $0] } ?? [])
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let vaulting = Vaulting(register)
      let addresses = try from.map { [try Vaulting.absolute($0)] } ?? register.vaultTargets()
      guard !addresses.isEmpty else {
        throw Sentence("This station seals to no vault yet: permanence vault seal --to FOLDER or s3://BUCKET.")
      }
      var rows: [ProofRow] = []
      for address in addresses {
        let proved = try await vaulting.prove(address, progress: progress)
        rows.append(
          ProofRow(
            target: address, path: proved.path, sealedAt: proved.sealedAt.text, counts: proved.counts,
            failure: proved.failure, passed: proved.passed.map { "\($0.path): \($0.reason)" }))
      }
      let hours = try register.read { try $0.hours() }
      let text = rows.map { row in
        if let failure = row.failure { return "\(row.target): NOT restored: \(failure)" }
        let hour = Instant(row.sealedAt).map { hours.time($0) } ?? row.sealedAt
        let counts = row.counts
        return "\(row.target): copy of \(hour), \(counts["patients"] ?? 0) identities, \(counts["beds"] ?? 0) beds, "
          + "restored and recounted."
      }
      let passed = rows.flatMap(\.passed).map { "passed over: \($0)" }
      return try Answer(
        ProveAnswer(proofs: rows), text: (text + passed).joined(separator: "\n"),
        isYes: rows.allSatisfy { $0.failure == nil })
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What was sealed where, how old the newest is, until when it is locked, and the last proof.")
    @OptionGroup var data: DataOptions

    func run() async throws {
      do {
        let register = try data.reading()
        let vault = try register.read { try $0.vault() }
        let now = Environment.live.now()
        let failures = try register.sealingFailures(now: now)
        let rows = try register.vaultTargets().map { address in
          StatusRow(
            address, try register.sealedCounts(in: address), newest: try register.newestSealed(in: address, now: now),
            failures.filter { $0.target.sameBytes(as: address) }.map(StatusRow.Failing.init), now: now)
        }
        let answer = StatusAnswer(
          targets: rows, recipients: (vault?.recipients ?? []).map { .init($0, sealedTo: vault?.publicKeys ?? []) },
          lastProof: vault?.proof.map { .init($0) },
          failure: vault?.failure?.reason)
        try Answer(answer, text: Self.text(answer)).print(asJSON: data.json)
      } catch { throw Sentence(error) }
    }

    private static func text(_ answer: StatusAnswer) -> String {
      var lines = answer.targets.map(\.text)
      if lines.isEmpty { lines = ["Nothing is sealed from here: permanence vault seal --to FOLDER or s3://BUCKET."] }
      lines += answer.recipients.map(\.text)
      if answer.recipients.isEmpty { lines.append("There is no recovery key: permanence key new --paper FILE.") }
      if let failure = answer.failure { lines.append("The last proof failed: \(failure)") }
      lines.append(answer.lastProof.map { "Proved \($0.at): \($0.path)." } ?? "Never proved: permanence vault prove.")
      return lines.joined(separator: "\n")
    }
  }
}

private struct SealAnswer: Encodable {
  var to: String
  var segments: Int
  var snapshots: Int
  var bytes: Int
  /// Until when the first of them is locked; absent where the target locks nothing.
  var retention: String?
  var renewed: Int
  /// What had been sealed there and was gone, the first thousand; it is sealed again.
  var gone: [String]
  var goneCount: Int
  /// Why the program does not lie there whole; absent where it does.
  var programFailure: String?
}

private struct ProveAnswer: Encodable {
  var proofs: [ProofRow]
}

private struct ProofRow: Encodable {
  var target: String
  var path: String
  var sealedAt: String
  var counts: [String: Int]
  var failure: String?
  /// Newer ones of which no station can be made.
  var passed: [String]
}

private struct StatusAnswer: Encodable {
  struct Recipient: Encodable {
    var purpose: String
    var key: String
    var station: String
    /// By which `key withdraw` knows it; absent for what is no key.
    var fingerprint: String?
    /// Whether what is sealed next opens with it.
    var sealed: Bool

    init(_ recipient: Hospital.Vault.Recipient, sealedTo: [String]) {
      (purpose, key, station) = (recipient.purpose.rawValue, recipient.publicKey, recipient.station)
      fingerprint = RecipientKey(text: key)?.fingerprint
      sealed = fingerprint != nil && sealedTo.contains(key)
    }

    var text: String {
      let what = "\(purpose) \(fingerprint.map { String($0.prefix(16)) } ?? "(no key)")"
      return "\(what), said by \(StationName.shown(station))\(sealed ? "" : ": NOT sealed to")."
    }
  }

  struct Proof: Encodable {
    var path: String
    var sealedAt: String
    var at: String
    var counts: [String: Int]

    init(_ proof: Hospital.Vault.Proof) {
      (path, sealedAt, at, counts) = (proof.path, proof.sealedAt.text, proof.at.text, proof.counts)
    }
  }

  var targets: [StatusRow]
  var recipients: [Recipient]
  var lastProof: Proof?
  var failure: String?
}

private struct StatusRow: Encodable {
  var to: String
  var segments: Int
  var snapshots: Int
  var bytes: Int
  /// When the newest was sealed, and how long ago.
  var newest: String?
  var ageSeconds: Int?
  /// Until when the first of them is locked.
  var retention: String?
  /// What cannot be sealed or locked there.
  var failing: [Failing]

  struct Failing: Encodable {
    /// `lines` where nothing can be sealed, `snapshot` where lines alone can, `locks` where nothing is locked for longer.
    var kind: String
    var since: String
    var reason: String

    init(_ failure: SealingFailure) {
      (kind, since, reason) = (failure.kind.rawValue, failure.since.text, failure.reason)
    }
  }

  init(_ address: String, _ counts: SealedCounts, newest sealed: Instant?, _ failing: [Failing], now: Instant) {
    (to, self.failing) = (address, failing)
    (segments, snapshots, bytes) = (counts.segments, counts.snapshots, counts.bytes)
    newest = sealed?.text
    ageSeconds = sealed.map { Int(now.milliseconds - $0.milliseconds) / 1000 }
    retention = counts.lockedUntil?.text
  }

  var text: String {
    let age = ageSeconds.map { "the newest \($0 / 60) minutes old" } ?? "nothing yet"
    let locked = retention.map { "locked until \($0.prefix(10)) at least" } ?? "not locked"
    let failing = failing.map { failure in
      let what =
        switch SealingFailure.Kind(rawValue: failure.kind) {
        case .lines, nil: "NOTHING can be sealed there"
        case .snapshot: "NO SNAPSHOT can be sealed there"
        case .locks: "NOTHING is locked for longer there"
        }
      return "\n  \(what) since \(failure.since): \(failure.reason)."
    }
    return "\(to): \(segments) segments, \(snapshots) snapshots, \(age), \(locked).\(failing.joined())"
  }
}
