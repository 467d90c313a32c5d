import Foundation
import Ledger
import Register
import Replication
import Web

extension Carrying {
  /// Carriers of this station, for its pages.
  /// - Parameter data: the station's folder. Files of an earlier run that was cut short go.
  init(_ register: Register, data: String) {
    let folder = "\(data)/carrier"
    try? FileManager.default.removeItem(atPath: folder)
    self.init(folder: folder) { path, destination in
      _ = try await CarrierWriting(
        register, now: Environment.live.now, random: Environment.live.randomBytes, room: DiskRoom.toSpare
      ).write(to: path, for: destination)
    } read: { paths in
      let reading = CarrierReading(register)
      var read: [(path: String, outcome: Outcome)] = []
      for path in SealedFileReader.whole(paths) {
        do {
          let outcome = try await reading.read(path)
          read.append(
            (
              path,
              .taken(
                commits: outcome.commits, known: outcome.known, aside: outcome.aside,
                lacking: outcome.lacking.sorted(), stations: outcome.stations, sealer: outcome.sealer,
                sealedAt: outcome.sealedAt)
            ))
        } catch let refusal as CarrierRefusal { read.append((path, .refused(code: refusal.code))) }
      }
      return read
    }
  }
}
