import Ledger
import Replication
import Testing

/// What is said of a station that may be reached by more than one way.
struct PeerStateTests {
  /// A way to `lits-2`, or to an address that has not said yet whose it is.
  struct Way: Sendable {
    var address = "a"
    var isNamed = true
    /// Minutes of the night; nil before it answered.
    var heard: Int?
    var isConnected = false
    var fault: String?

    var state: PeerState {
      var state = PeerState(address: address, station: isNamed ? "lits-2" : nil)
      state.lastHeard = heard.map { Instant.night.adding(seconds: $0 * 60) }
      (state.isConnected, state.fault) = (isConnected, fault)
      return state
    }
  }

  @Test(
    arguments: [
      ([], [], "a never"), ([], [Way(address: "b", heard: 1)], "b 1"),
      ([Way(heard: 2, isConnected: true)], [Way(heard: 1)], "a 2 connected"),
      ([Way(heard: 2, fault: "cut")], [Way(heard: 2)], "a 2 cut"),
      // Not heard since this station started.
      ([Way(fault: "refused")], [Way(heard: 1)], "a 1 refused"),
      ([Way(isNamed: false, fault: "refused")], [Way(heard: 1)], "a 1 refused"),
      ([Way(isNamed: false, fault: "refused")], [], "a never refused"),
      ([Way(address: "b", isNamed: false, fault: "refused")], [Way(heard: 1)], "a 1"),
      // Of two ways the one that leads there.
      ([Way(address: "0", heard: 1, fault: "cut"), Way(heard: 2, isConnected: true)], [], "a 2 connected"),
      ([Way(heard: 2), Way(address: "b", heard: 1, fault: "cut")], [], "a 2 cut"),
    ] as [([Way], [Way], String)])
  func ofAStation(asked: [Way], heard: [Way], told: String) {
    let state = PeerState(of: "lits-2", at: ["a", "c"], asked: asked.map(\.state), heard: heard.map(\.state))
    let minutes = state.lastHeard.map { String(($0.milliseconds - Instant.night.milliseconds) / 60_000) }
    let said = [state.address, minutes ?? "never", state.isConnected ? "connected" : nil, state.fault]
    #expect(said.compactMap(\.self).joined(separator: " ") == told)
    #expect(state.station == "lits-2")
  }
}
