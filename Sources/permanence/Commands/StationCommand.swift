import ArgumentParser
import Foundation
import Ledger
import Logging
import Register
import Replication
import Web

struct StationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "station", abstract: "The hospital's stations: invite a new one, join, list, revoke, end.",
    subcommands: [Invite.self, Join.self, StationList.self, StationRevoke.self, StationEnd.self])

  struct Invite: ServingCommand {
    static let configuration = CommandConfiguration(
      abstract: "A code with which a new station joins, once, within 15 minutes.")
    @OptionGroup var data: DataOptions

    var arguments: [String] { ["station", "invite"] }

    /// For whoever has a scanner at the new station: it types the code.
    private static func qr(_ code: String) -> String {
      BlockDrawing.rows((try? Barcode(.qr, code))?.rows ?? []).joined(separator: "\n")
    }

    func answer(from replicating: Replicating) async throws -> Answer {
      guard try !replicating.register.isDrill() else {
        throw Sentence("This station is a drill, which answers no other one: nobody can join it.")
      }
      guard replicating.register.holdsEnrollingKey else {
        throw Sentence(
          "This station holds no enrolling key: invite on one that does, or make this one so with a paper, by "
            + "permanence key enrol --root-from FILE.")
      }
      guard replicating.register.canEnrol else {
        throw Sentence("The enrolling key is locked: start serve with --passphrase-file FILE, then invite.")
      }
      let code = await replicating.inviting.invite()
      let until = Environment.live.now().adding(seconds: Inviting.seconds)
      let addresses = replicating.addresses.map(\.text)
      var text = """
        \(Self.qr(code.shown))
        \(code.shown)
        On the new station, within 15 minutes: permanence station join \(addresses.first ?? "ADDRESS") \(code.shown)
        """
      if addresses.count > 1 { text += "\nWhere that is not reached: \(addresses.dropFirst().joined(separator: ", "))" }
      if replicating.addresses.allSatisfy({ ServingOptions.loopback.contains($0.host) }) {
        text +=
          "\nOnly this machine reaches that: for another one start serve with --peers-host, then invite again."
      }
      return try Answer(
        InviteAnswer(code: code.shown, until: until.text, port: replicating.joinPort, addresses: addresses), text: text)
    }
  }

  struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make this a station of a hospital that has others: its keys, its numbers, everything said so far.")
    @OptionGroup var data: DataOptions
    @Argument(help: "Where the station that invited is reached: 10.0.3.7, or 10.0.3.7:8443 for another port.")
    var host: String
    @Argument(help: "The code that it showed.") var code: String
    @Option(help: "A name for people: a-z, 0-9 and -, at most 17; none that a station has or had; its own, if absent.")
    var station: String?

    func validate() throws {
      guard PeerAddress(host) != nil else {
        throw ValidationError("\(host) is no address: write 10.0.3.7 or 10.0.3.7:8443.")
      }
      guard JoinCode(typed: code) != nil else {
        throw ValidationError("\(code) is no code: nine letters and digits, as station invite showed them.")
      }
      if let station { try StationName.check(forPeople: station) }
    }

    func run() async throws {
      guard let address = PeerAddress(host), let code = JoinCode(typed: code) else { return }
      do { try await join(address, code).print(asJSON: data.json) } catch { throw Sentence(error) }
    }

    private func join(_ address: PeerAddress, _ code: JoinCode) async throws -> Answer {
      // Before the code is used up.
      guard try !Register.isThere(folder: data.folder) else {
        throw Sentence(
          "There is a station in \(data.folder) already. If it has joined, it takes what it lacks once it serves: "
            + "permanence serve --data \(data.folder). Else choose another folder with --data.")
      }
      let key = try SigningKey(random: Environment.live.randomBytes)
      let link = HTTPJoinLink(to: address.joining)
      let enrolment: Enrolment
      do {
        enrolment = try await Joining(people: station ?? "poste-\(key.publicKey.fingerprint.prefix(4))", key: key)
          .join(link, code: code, nonce: Environment.live.randomBytes(16))
      } catch {
        await link.close()
        guard error is JoinRefusal else {
          throw Sentence(
            "No station answers at \(address.text) (\(NetworkFault.text(of: error))): see that it serves with "
              + "--peers-host, and that ports \(address.port) and \(address.joining.port) are open between the two.")
        }
        throw Sentence("The station at \(address.text) did not let this one in: \(error).")
      }
      await link.close()
      try Register.join(folder: data.folder, key: key, enrolment: enrolment, environment: .live)
      let register = try Register(folder: data.folder, access: .writing, environment: .live)
      try register.addPeer(address.text)
      try register.hasten()
      let clock = ContinuousClock()
      let before = clock.now
      try await takeEverything(register, address)
      let seconds = (clock.now - before).seconds
      let commits = try register.read { try $0.counts().commits }
      try register.close()
      return try Answer(
        JoinAnswer(station: register.station, commits: commits, seconds: seconds),
        text: "Station \(register.station): \(commits) lines. Then: permanence serve --data \(data.folder)")
    }

    private func takeEverything(_ register: Register, _ address: PeerAddress) async throws {
      let progress = Progress("join")
      let identity = try register.identity()
      let credentials = try PeerCredentials(enrolment: identity.enrolment, key: identity.key)
      let pulling = Pulling(
        address: address.text, store: register, claims: PullClaims(),
        shares: PullShares(dayBytes: .max) { DiskRoom.free(folder: data.folder) },
        limits: .joining, environment: .live,
        logger: Logger(label: "permanence") { _ in SwiftLogNoOpLogHandler() }
      ) {
        HTTPPeerLink(to: address, credentials: credentials, isRefused: { _ in false })
      }
      do {
        try await TakingAll(pulling, into: register, environment: .live).run { progress.show($0, of: $1) }
      } catch let ending as TakingAll.Ending {
        try? register.close()
        let why =
          switch ending {
          case .silent(let fault): "came: \(fault). See that they reach each other"
          case .paused(let pause): "can be taken: \(pause). Make room"
          case .unsound(let chains):
            "is sound: \(chains.values.sorted().joined(separator: "; ")). See the page /aside of either"
          }
        throw Sentence(
          "The other station let this one in, but not everything \(why), then: permanence serve --data \(data.folder) "
            + "takes the rest, without another code.")
      }
    }
  }
}

private struct InviteAnswer: Encodable {
  var code: String
  var until: String
  var port: Int
  /// Where this station is reached, as `station join` takes it.
  var addresses: [String]
}

private struct JoinAnswer: Encodable {
  var station: String
  var commits: Int
  /// That they took to come, once this station was let in.
  var seconds: Double
}

extension StationName {
  /// Before anything is asked or made.
  static func check(forPeople name: String) throws {
    guard isForPeople(name) else {
      throw ValidationError("\(name) is no station's name: use 1 to 17 of a-z, 0-9 and -.")
    }
  }
}
