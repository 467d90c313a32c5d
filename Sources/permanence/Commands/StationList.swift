import ArgumentParser
import Ledger
import Register
import Replication
import Web

struct StationList: ServingCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "The other stations: when last heard, how far behind, which version, how its clock differs.")
  @OptionGroup var data: DataOptions

  var arguments: [String] { ["station", "list"] }

  func run() async throws {
    do {
      let answer: Answer
      do { answer = try await ControlClient(folder: data.folder).ask(arguments) { _, _ in } } catch RegisterFault.locked
      {
        answer = try Self.answer(data.reading(), nil)
      }
      try answer.print(asJSON: data.json)
    } catch { throw Sentence(error) }
  }

  func answer(from replicating: Replicating) async throws -> Answer {
    try Self.answer(replicating.register, replicating.neighbours.pulling.map(\.state))
  }

  /// - Parameter states: nil where nobody serves here.
  private static func answer(_ register: Register, _ states: [PeerState]?) throws -> Answer {
    let rows = try StationRow.all(register, states ?? [])
    let hours = try register.read { try $0.hours() }
    // A machine that goes on under another name leaves people's name to that.
    let names = [register.station] + rows.filter { $0.goesOnAs.isEmpty }.compactMap(\.station)
    let lines = rows.map { row in
      row.text(as: row.station.map { StationName.shown($0, among: names) } ?? row.address, hours)
    }
    let note = states == nil ? ["This station does not serve now: this is what it heard last."] : []
    return try Answer(
      ListAnswer(station: register.station, stations: rows),
      text: rows.isEmpty ? "No other station is known here." : (note + lines).joined(separator: "\n"))
  }
}

private struct ListAnswer: Encodable {
  var station: String
  var stations: [StationRow]
}

/// Another station, as this one knows it.
struct StationRow: Encodable {
  var address: String
  var station: String?
  var connected: Bool
  var revoked = false
  /// Its names since its chain forked.
  var goesOnAs: [String] = []
  var lastHeard: String?
  /// Lines that it lacks, and that this one lacks.
  var behind: Int
  var ahead: Int
  var version: String?
  var clockDifferenceMilliseconds: Int64?
  /// Why its lines are not taken now.
  var pause: String?
  var fault: String?

  private init(_ state: PeerState, _ tips: Heads) {
    address = state.address
    station = state.station
    connected = state.isConnected
    lastHeard = state.lastHeard?.text
    behind = state.behind(tips)
    ahead = state.ahead(of: tips)
    version = state.version
    clockDifferenceMilliseconds = state.clockDifference
    pause = state.pause
    fault = state.fault
  }

  /// Every other station that was ever certified, then addresses that never answered.
  /// - Parameter states: of the peers that are pulled from now; of the others, what they said last is known.
  static func all(_ register: Register, _ states: [PeerState]) throws -> [StationRow] {
    let tips = try register.tips()
    let configured = try register.peers().map { PeerState(address: $0) }
    var rows = try register.others(states).map { station, state in
      var row = StationRow(state, tips)
      row.revoked = station.isRevoked
      row.goesOnAs = station.successors
      return row
    }
    // Nothing of it came here; its name is taken, and it may have to be revoked.
    for name in try register.read({ try $0.everyStation() })
    where name != register.station && !rows.contains(where: { $0.station == name }) {
      var row = StationRow(states.first { $0.station == name } ?? PeerState(address: "", station: name), tips)
      row.revoked = try register.mark(against: name) != nil
      rows.append(row)
    }
    for state in states + configured
    where !rows.contains(where: { $0.address == state.address || $0.station != nil && $0.station == state.station }) {
      rows.append(StationRow(state, tips))
    }
    return rows
  }

  func text(as name: String, _ hours: Hours) -> String {
    if !goesOnAs.isEmpty { return "\(station ?? name): goes on as \(goesOnAs.joined(separator: " and "))" }
    let state = revoked ? "revoked" : connected ? "connected" : "silent"
    let why = fault.map { " (\($0))" } ?? ""
    guard let lastHeard = lastHeard.flatMap({ Instant($0) }) else { return "\(name): \(state), never heard\(why)" }
    let lacked = ahead > 0 ? ", \(ahead) of its lines not here" : ""
    let clock = clockDifferenceMilliseconds.map { ", clock \(Self.difference($0))" } ?? ""
    let runs = version.map { ", version \($0)" } ?? ""
    return "\(name): \(state), heard \(hours.iso(lastHeard)), \(behind) lines behind\(lacked)\(runs)\(clock)"
      + (pause.map { ", paused: \($0)" } ?? "") + why
  }

  /// `+12 ms`, `-34 s`, `120 min ahead`, `26 h behind`.
  private static func difference(_ milliseconds: Int64) -> String {
    let (sign, seconds) = (milliseconds < 0 ? "-" : "+", milliseconds.magnitude / 1000)
    if seconds == 0 { return "\(sign)\(milliseconds.magnitude) ms" }
    if seconds <= HybridClock.aheadMaxSeconds { return "\(sign)\(seconds) s" }
    let length = seconds < 4 * 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
    return "\(length) \(milliseconds < 0 ? "behind" : "ahead")"
  }
}
