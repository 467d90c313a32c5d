import ArgumentParser
import Ledger
import Register
import Replication
import Web

/// What is unsafe on this station, and what to do about it.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "What is unsafe here, and what to do.")
  @OptionGroup var data: DataOptions

  func run() async throws {
    do {
      let findings = try Finding.all(data.reading(), folder: data.folder, now: Environment.live.now())
      let text = findings.map { "\($0.severity.rawValue): \($0.sentence)" }
      try Answer(
        DoctorAnswer(findings: findings),
        text: findings.isEmpty ? "Nothing unsafe was found." : text.joined(separator: "\n"),
        isYes: !findings.contains { $0.severity == .unsafe }
      ).print(asJSON: data.json)
    } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
  }
}

private struct DoctorAnswer: Encodable {
  var findings: [Finding]
}

extension Finding {
  private static let silentSeconds = 3600

  /// The gravest first.
  static func all(_ register: Register, folder: String, now: Instant) throws -> [Finding] {
    let stations = try register.read { try $0.stations() }
    let clock = try clock(register, now: now)
    let found =
      try restored(register) + keys(register) + disk(register, folder) + clock + numbers(register)
      + others(register, stations, now: now, isClockInDoubt: !clock.isEmpty)
      + lines(register) + coverage(register, now: now, isClockInDoubt: !clock.isEmpty)
      + vault(register, now: now, isClockInDoubt: !clock.isEmpty)
      + vaultDisks(register.vaultTargets(), folder: folder) + paper(folder, now: clock.isEmpty ? now : nil)
    return found.filter { $0.severity == .unsafe } + found.filter { $0.severity == .advice }
  }

  private static func clock(_ register: Register, now: Instant) throws -> [Finding] {
    try register.read { reading in
      guard let last = try reading.lastLine(of: register.station), last.isAhead(of: now) else { return [] }
      let hours = try reading.hours()
      return [.clockInDoubt(now: hours.iso(now), lastLine: hours.iso(last))]
    }
  }

  private static func numbers(_ register: Register) throws -> [Finding] {
    try register.read { numbers(try $0.numbersLeft(), isDrill: try $0.isDrill()) }
  }

  private static func keys(_ register: Register) -> [Finding] {
    var found: [Finding] = []
    if register.holdsRootKey {
      found.append(
        Finding(
          code: "root-key-here", severity: .unsafe,
          sentence: "The hospital's root key still lies on this machine, and whoever has it is the hospital: "
            + "put it on paper, with permanence key new --paper FILE, and lock the paper away."))
    }
    if register.holdsEnrollingKey, !register.isEnrollingKeyLocked {
      found.append(
        Finding(
          code: "enrolling-key-unlocked", severity: .advice,
          sentence: "The key that enrols and revokes stations lies here without a passphrase: permanence key lock "
            + "--passphrase-file FILE, or keep this machine where nobody walks off with it."))
    }
    return found
  }

  private static func disk(_ register: Register, _ folder: String) throws -> [Finding] {
    var found: [Finding] = []
    if !DiskEncryption.isEncrypted(folder: folder) {
      let isFictive = try register.read { try $0.structure?.fictive ?? false }
      found.append(
        Finding(
          code: "disk-unencrypted", severity: isFictive ? .advice : .unsafe,
          sentence: "The disk under \(folder) is not encrypted: whoever takes the machine has every patient. "
            + "Move the folder to an encrypted disk."))
    }
    if let free = DiskRoom.free(folder: folder), free < 0.1 {
      found.append(
        Finding(
          code: "disk-full", severity: .unsafe,
          sentence: "Less than a tenth of the disk under \(folder) is free, so nothing is pulled from other stations: "
            + "make room."))
    }
    return found
  }

  private static func others(
    _ register: Register, _ stations: [KnownStation], now: Instant, isClockInDoubt: Bool
  ) throws -> [Finding] {
    let others = stations.filter { $0.name != register.station && !$0.isRevoked && $0.successors.isEmpty }
    guard !others.isEmpty else {
      return [
        Finding(
          code: "one-station", severity: .unsafe,
          sentence: "There is no other station: what this one loses is lost. Make a second one: permanence station "
            + "invite here, then permanence station join there.")
      ]
    }
    let living = [register.station] + others.map(\.name)
    var found = names(living)
    if isClockInDoubt { return found }
    let heard = Dictionary(try register.heard().map { ($0.station, $0) }) { first, _ in first }
    found += try held(register, others.map { heard[$0.name] }, now: now)
    let silent = others.filter { other in
      heard[other.name].map { $0.at < now.adding(seconds: -silentSeconds) || $0.at.isAhead(of: now) } ?? true
    }
    if !silent.isEmpty {
      let names = silent.map { StationName.shown($0.name, among: living) }.joined(separator: ", ")
      found.append(
        Finding(
          code: "station-silent", severity: silent.count == others.count ? .unsafe : .advice,
          sentence: "Not heard for an hour or more: \(names). Look whether it runs and is on the network, or revoke it."
        ))
    }
    return found + clocks(others.compactMap { heard[$0.name] })
  }

  /// - Parameter heard: what each other station said last; nil for one that never answered.
  private static func held(_ register: Register, _ heard: [HeardStation?], now: Instant) throws -> [Finding] {
    try register.read { reading in
      // What is practised in a drill is for nobody else.
      if try reading.isDrill() { return [] }
      let own = try reading.heads().filter { $0.key == register.station }
      let lacked = try heard.map { other in
        try reading.oldestLine(of: own, beyond: other.flatMap { try? HeadsText.heads(reading: $0.heads) } ?? [:])
      }
      let hours = try reading.hours()
      let since = lacked.contains(nil) ? nil : lacked.compactMap(\.self).max()
      return held(lackedSince: since, now: now) { hours.iso($0) }
    }
  }

  private static func restored(_ register: Register) throws -> [Finding] {
    guard try register.unverified() != nil else { return [] }
    return [
      Finding(
        code: "unverified", severity: .unsafe,
        sentence: "What was restored here is not verified to its end: run the same permanence restore again, with the "
          + "vault and the paper.")
    ]
  }

  private static func vault(_ register: Register, now: Instant, isClockInDoubt: Bool) throws -> [Finding] {
    let own = try register.vaultTargets().compactMap { try register.newestSealed(in: $0, now: now) }
    let (said, hours) = try register.read { (try $0.vault(), try $0.hours()) }
    return sealing(try register.sealingFailures(now: now)) { hours.iso($0) }
      + vault(said, station: register.station, sealed: own, now: now, isClockInDoubt: isClockInDoubt)
  }

  /// - Parameter now: nil where the clock is in doubt.
  private static func paper(_ folder: String, now: Instant?) -> [Finding] {
    let age = PackRecord(folder: folder).oldest
    if let age, age.at != nil, now.map({ $0 <= age.until }) ?? true { return [] }
    let what = age?.at == nil ? "There is no paper, or not in every folder," : "The paper that this station made is old"
    return [
      Finding(
        code: "no-paper", severity: .advice,
        sentence:
          "\(what) for when even the stations are off: start it with --pack FOLDER, or permanence pack --out FOLDER.")
    ]
  }

  private static func coverage(_ register: Register, now: Instant, isClockInDoubt: Bool) throws -> [Finding] {
    let (coverage, hours) = try register.read { (try $0.coverage(now: now), try $0.hours()) }
    var found = coverage.feeds.filter { $0.isSilent && !isClockInDoubt }.map { feed in
      Finding(
        code: "feed-silent", severity: .unsafe,
        sentence:
          "Nothing from \(feed.sender) since \(hours.iso(feed.lastAt)), and at this hour it was never silent for "
          + "more than \((feed.silenceSecondsUsual ?? 0) / 60) minutes: look whether it runs and reaches this station.")
    }
    found += coverage.feeds.filter(\.isRefused).map { feed in
      Finding(
        code: "feed-refused", severity: .unsafe,
        sentence:
          "\(feed.sender) speaks, and nothing of it was taken since \(hours.iso(feed.lastAt)): \(feed.refused) "
          + "messages were refused, which the page Échanges shows with the reason.")
    }
    let lacking = Coverage.Lack.allCases.compactMap { lack in
      coverage.lacks[lack].map { "\(lack.rawValue) \($0.count)" }
    }
    if !lacking.isEmpty {
      found.append(
        Finding(
          code: "coverage-lacks", severity: .advice,
          sentence: "Patients who are here lack something in this copy (\(lacking.joined(separator: ", "))): "
            + "the page Couverture shows whose stays."))
    }
    return found
  }

  private static func lines(_ register: Register) throws -> [Finding] {
    var found: [Finding] = []
    if try register.isForked() {
      found.append(
        Finding(
          code: "chain-forked", severity: .unsafe,
          sentence: "Another machine spoke under this station's name, or this one was put back to an older state: "
            + "let it reach a station that enrols, and it goes on under a new name by itself."))
    }
    if try register.read({ try $0.station(register.station)?.isRevoked ?? false }) {
      found.append(
        Finding(
          code: "revoked", severity: .unsafe,
          sentence: "This station was revoked, and writes nothing: work at another one."))
    }
    let aside = try register.read { try $0.linesAsideCount() }
    if aside > 0 {
      found.append(
        Finding(
          code: "lines-aside", severity: .advice,
          sentence: "Lines from elsewhere did not hold and were kept aside (\(aside)): the page /aside shows who gave "
            + "them, and why they do not hold."))
    }
    return found
  }
}
