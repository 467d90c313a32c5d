import ArgumentParser
import Ledger
import Register
import Replication

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
        answer = try Self.answer(data.reading(), [])
      }
      try answer.print(asJSON: data.json)
    } catch { throw Sentence(error) }
  }

  func answer(from replicating: Replicating) async throws -> Answer {
    try Self.answer(replicating.register, replicating.neighbours.pulling.map(\.state))
  }

  private static func answer(_ register: Register, _ states: [PeerState]) throws -> Answer {
    let rows = try StationRow.all(register, states)
    let text = rows.map(\.text).joined(separator: "\n")
    return try Answer(
      ListAnswer(station: register.station, stations: rows),
      text: rows.isEmpty ? "No other station is known here." : text)
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

  /// Every other station that the ledger knows, then addresses that never answered.
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
    for state in states + configured
    where !rows.contains(where: { $0.address == state.address || $0.station != nil && $0.station == state.station }) {
      rows.append(StationRow(state, tips))
    }
    return rows
  }

  var text: String {
    let name = station.map(StationName.shown) ?? address
    if !goesOnAs.isEmpty { return "\(station ?? name): goes on as \(goesOnAs.joined(separator: " and "))" }
    let state = revoked ? "revoked" : connected ? "connected" : "silent"
    let why = fault.map { " (\($0))" } ?? ""
    guard let lastHeard else { return "\(name): \(state), never heard\(why)" }
    let clock = clockDifferenceMilliseconds.map { ", clock \($0 >= 0 ? "+" : "")\($0) ms" } ?? ""
    let runs = version.map { ", version \($0)" } ?? ""
    return "\(name): \(state), heard \(lastHeard), \(behind) lines behind\(runs)\(clock)"
      + (pause.map { ", paused: \($0)" } ?? "") + why
  }
}
