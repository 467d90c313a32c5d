import ArgumentParser
import Foundation
import Hospital
import Ledger
import Logging
import Register
import Replication

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Rebuild the hospital on an empty machine, from its vault and the paper.")

  @OptionGroup var data: DataOptions
  @Option(help: "The vault: a folder, or s3://BUCKET (AWS_ENDPOINT_URL and AWS_… say how).") var from: String
  @Option(help: "The paper's file, or its lines R1 to R3 and A1 to A3 typed into one.") var key: String
  @Option(
    help:
      "A name for people: a-z, 0-9 and -, at most 17; none that a station has or had. The first free of secours-1, secours-2 …, if absent."
  )
  var station: String?
  @Option(help: "One snapshot, as the list names it; the newest whole one, if absent.") var snapshot: String?
  @Flag(help: "Open the pages at once, and verify behind them.") var serve = false
  @OptionGroup var options: ServingOptions

  @Flag(help: "What is named as missing is lost: count the rest as verified.") var acceptMissing = false
  @Flag(help: "A drill: takes none of the paper's numbers, so nobody can be admitted, and seals nowhere.")
  var drill = false

  func validate() throws {
    guard VaultAddress(from) != nil else {
      throw ValidationError("\(from) is no vault: write a folder's path or s3://BUCKET.")
    }
    if let station { try StationName.check(forPeople: station) }
  }

  func run() async throws {
    do { try await restore() } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
  }

  private func restore() async throws {
    let start = ContinuousClock.now
    let paper = try RecoveryPaper.read(key)
    let address = try Vaulting.absolute(from)
    let begun = try begun()
    let target = try Vaulting.target(address)
    let restoring = try Restoring(from: target, paper: paper, folder: data.folder, environment: .live)
    let found = try await restoring.look(wanted: begun ?? snapshot.map { Self.path(of: $0) })
    show(found)
    let chosen = try await choose(begun, found, restoring)
    if chosen.candidate == nil { Terminal.note("No snapshot is whole: every segment is read, which takes longer.") }
    let numbers = ReserveNumbers(of: paper, in: target, folder: data.folder, environment: .live)
    let verifying = VerifyingRestored(
      restoring: restoring, candidate: chosen.candidate, passed: found.passed + chosen.passed,
      acceptMissing: acceptMissing
    ) { register in try await Self.take(numbers, register) }
    let (account, admits) = try await prepare(numbers, address, hasSnapshot: chosen.candidate != nil)
    let openSeconds = start.duration(to: .now).seconds
    let forWhat = admits ? "for admissions" : "to read, NOT for admissions (no numbers),"
    Terminal.note("Open \(forWhat) after \(openSeconds) s.")
    let finish: @Sendable (Register, VerifyingRestored.Outcome) throws -> Answer = { register, outcome in
      let numbers = try register.read { try $0.numbersLeft() }
      let answer = RestoreAnswer(
        station: register.station, drill: try register.isDrill(),
        numbers: Dictionary(uniqueKeysWithValues: numbers.map { ($0.key.rawValue, $0.value.left) }),
        numbersWarning: try Finding.numbers(numbers, isDrill: register.isDrill()).first?.sentence,
        snapshot: verifying.candidate?.object.place, openSeconds: openSeconds,
        verifiedSeconds: start.duration(to: .now).seconds, commits: try register.read { try $0.counts().commits },
        missing: outcome.missing, unused: outcome.unused, failure: outcome.failure,
        account: account.map { .init(name: $0.name, secret: $0.secret) })
      return try Answer(answer, text: answer.text(serve ? nil : data.folder), isYes: outcome.isVerified)
    }
    if serve {
      let asJSON = data.json
      return try await Serving(folder: data.folder, options: options).run(verifying: verifying) { register, outcome in
        try? finish(register, outcome).print(asJSON: asJSON)
      }
    }
    let progress = Progress("restore")
    let register = try Register(folder: data.folder, access: .writing, environment: .live)
    let outcome = try await verifying.verify(register) { percent, _, _ in progress.show(percent, of: 100) }
    let answer = try finish(register, outcome)
    try register.close()
    try answer.print(asJSON: data.json)
  }

  /// The snapshot of a restore that was cut short here before all was verified; nil where there is none, empty where it
  /// began without one.
  private func begun() throws -> String? {
    let register: Register
    do { register = try Register(folder: data.folder, access: .reading, environment: .live) } catch {
      guard case .noStation = error else { throw error }
      return nil
    }
    guard let begun = try register.unverified() else { throw RegisterFault.stationThere(folder: data.folder) }
    return begun
  }

  private func choose(
    _ begun: String?, _ found: Restoring.Found, _ restoring: Restoring
  ) async throws -> (candidate: VaultReading.Candidate?, passed: [VaultReading.Passed]) {
    guard let begun else { return try await restoring.open(try wanted(found), station: station) }
    if begun.isEmpty { return (nil, []) }
    guard let candidate = found.candidates.first(where: { $0.object.place == begun }) else {
      throw Sentence(
        "This station was opened from \(begun), which is not whole in \(from): give the vault that it came from, "
          + "or restore into another folder.")
    }
    return (candidate, [])
  }

  private func wanted(_ found: Restoring.Found) throws -> Restoring.Found {
    guard let snapshot else { return found }
    var named = found
    named.candidates = found.candidates.filter { $0.object.isNamed(Self.path(of: snapshot)) }
    if named.candidates.isEmpty {
      throw Sentence("\(snapshot) is none of the snapshots that can be opened here: see the list above.")
    }
    return named
  }

  /// With its folder, however it was written.
  private static func path(of snapshot: String) -> String {
    snapshot.hasPrefix(SnapshotName.folder) ? snapshot : SnapshotName.folder + snapshot
  }

  /// Numbers, and somebody who can sign in: verifiers are never in a vault. Said again until somebody was told.
  private func prepare(
    _ numbers: ReserveNumbers, _ address: String, hasSnapshot: Bool
  ) async throws -> (account: Accounts.First?, admits: Bool) {
    let register = try Register(folder: data.folder, access: .writing, environment: .live)
    if drill, try !register.isDrill() {
      guard try register.isUnprepared() else {
        throw Sentence("This folder was restored to work with: a drill takes another folder.")
      }
      try register.noteDrill()
    }
    // From the next start on it seals there by itself.
    if try !register.isDrill() { try register.addVaultTarget(address) }
    if hasSnapshot { try await Self.take(numbers, register) }
    var account: Accounts.First?
    if try register.isUnprepared() {
      let logins = Set(try register.read { try $0.accounts() }.compactMap(\.login))
      let login = ([Self.login] + (2...99).map { "\(Self.login)-\($0)" }).first { !logins.contains($0) }
      account = try await Accounts.createFirst(
        register, environment: .live, login: login ?? register.station, shownAs: "Secours")
      if let account {
        Terminal.note("Sign in as \(account.name) with \(account.secret) (shown this once).")
        try register.notePrepared()
      }
    }
    let admits = try register.read { try $0.numbersLeft() }.allSatisfy { $0.value.left > 0 }
    try register.close()
    return (account, admits)
  }

  private static func take(_ numbers: ReserveNumbers, _ register: Register) async throws {
    if try register.isDrill() { return }
    do { try await numbers.take(register) { Terminal.note($0) } } catch let refusal as Refusal
      where refusal.code == "numbers-no-reserve"
    { Terminal.note(Sentence.text(of: refusal)) }
  }

  private static let login = "secours"

  private func show(_ found: Restoring.Found) {
    for candidate in found.candidates.prefix(10) {
      let manifest = candidate.manifest
      let counts = manifest.counts
      Terminal.note(
        "\(manifest.sealedAt.text) by \(manifest.station): \(counts["patients"] ?? 0) identities, "
          + "\(counts["openStays"] ?? 0) present, \(counts["beds"] ?? 0) beds (\(candidate.object.place))")
    }
    for passed in found.passed.prefix(10) { Terminal.note("passed over: \(passed.path): \(passed.reason)") }
    if found.passed.count > 10 { Terminal.note("passed over: \(found.passed.count - 10) more") }
  }
}

private struct RestoreAnswer: Encodable {
  struct AccountAnswer: Encodable {
    var name: String
    var secret: String
  }

  var station: String
  /// Restored to try it: without numbers, and sealing nowhere.
  var drill: Bool
  /// How many this station may give, of `ipp` and `nda`.
  var numbers: [String: Int]
  /// Why nobody can be admitted, or not for long, and what to do; absent where there are enough.
  var numbersWarning: String?
  var snapshot: String?
  var openSeconds: Double
  var verifiedSeconds: Double
  var commits: Int
  /// What something signed says was there, and is not here.
  var missing: [String]
  /// What lies there beside it and could not be used.
  var unused: [String]
  var failure: String?
  /// Shown once; absent where a restore goes on that was cut short.
  var account: AccountAnswer?

  /// - Parameter folder: to serve from next; nil where it serves already.
  func text(_ folder: String?) -> String {
    var lines = ["Station \(station): \(commits) lines, read again after \(verifiedSeconds) s."]
    lines += missing.map { "missing: \($0)" }
    if !missing.isEmpty {
      lines.append("What lies in the vault again is taken in by the same restore; --accept-missing says it is lost.")
    }
    lines += unused.prefix(10).map { "not used: \($0)" }
    if unused.count > 10 { lines.append("not used: \(unused.count - 10) more") }
    if let failure { lines.append("The history does not agree with what was restored: \(failure)") }
    if let numbersWarning { lines.append(numbersWarning) }
    if let account { lines.append("Sign in as \(account.name) with \(account.secret) (shown this once).") }
    if let folder { lines.append("Then: permanence serve --data \(folder)") }
    return lines.joined(separator: "\n")
  }
}
