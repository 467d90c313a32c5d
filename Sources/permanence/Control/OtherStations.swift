import Ledger
import Register
import Replication
import Web

extension Register {
  /// Every other station that the ledger knows, by name, with what is known of it as a peer.
  /// - Parameter states: of the peers that are pulled from now; of the others, what they said last is known.
  func others(_ states: [PeerState]) throws -> [(station: KnownStation, state: PeerState)] {
    let heard = try heard().map { PeerState($0) }
    return try read { try $0.stations() }.filter { $0.name != station }.map { known in
      (known, PeerState(of: known.name, at: known.addresses, asked: states, heard: heard))
    }
  }
}

extension OtherStation {
  /// Those that go on under their name, for the pages.
  static func all(_ register: Register, _ states: [PeerState]) throws -> [OtherStation] {
    let others = try register.others(states).filter { !$0.station.isRevoked && $0.station.successors.isEmpty }
    if others.isEmpty { return [] }
    return try register.read { reading in
      let tips = try reading.heads()
      let own = tips[register.station].map { [register.station: $0] } ?? [:]
      return try others.map { station, state in
        OtherStation(
          name: station.name, isConnected: state.isConnected, lastHeard: state.lastHeard, behind: state.behind(tips),
          ahead: state.ahead(of: tips), lacksSince: try reading.oldestLine(of: tips, beyond: state.heads),
          holdsAllSaidHere: state.behind(own) == 0, version: state.version, clockDifference: state.clockDifference)
      }
    }
  }
}

extension PeerState {
  /// As it was when it last answered.
  fileprivate init(_ heard: HeardStation) {
    self.init(address: heard.address, station: heard.station)
    lastHeard = heard.at
    version = heard.version
    clockDifference = heard.clockDifference
    heads = (try? HeadsText.heads(reading: heard.heads)) ?? [:]
  }
}
