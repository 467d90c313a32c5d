import ArgumentParser
import Hospital
import Interop
import Ledger
import Register

struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client", abstract: "Programs that may ask over FHIR.",
    subcommands: [Add.self, List.self, Revoke.self])

  struct Add: WritingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a program in. Its secret is printed once, and kept nowhere.")
    @OptionGroup var data: DataOptions
    @Argument(help: "What people call the program; the record of reads shows it.") var name: String
    @Option(
      help: "What it may do, as SMART on FHIR writes it: system/Patient.rs, system/*.rs, system/Patient.c. Repeatable.")
    var scope: [String]
    @Option(help: "The code of a unit whose patients it is told of whatever marks they bear. Repeatable.")
    var unit: [String] = []

    func validate() throws {
      guard !scope.isEmpty else { throw ValidationError("Say at least one --scope, such as system/Patient.rs.") }
      for text in scope where FHIRScope(text) == nil {
        throw ValidationError("\(text) is no scope: write system/TYPE.RIGHTS, with rights out of c, r and s.")
      }
    }

    var arguments: [String] {
      ["client", "add", name] + scope.flatMap { ["--scope", $0] } + unit.flatMap { ["--unit", $0] }
    }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let id = Environment.live.newID()
      let secret = Hex.text(of: Environment.live.randomBytes(32))
      let command = OpenAccount(
        account: "account/\(id)", login: nil, name: name, function: nil, roles: [.client], units: unit)
      _ = try await register.submit(Submission(command, key: Environment.live.newID(), author: "system"))
      try register.keep(
        Client(account: "account/\(id)", secret: secret, scopes: scope))
      return try Answer(
        NewClient(id: id, name: name, secret: secret, scopes: scope),
        text: "client_id      \(id)\nclient_secret  \(secret)\nThe secret is shown this once.")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Every program, and what it may do.")
    @OptionGroup var data: DataOptions

    func run() async throws {
      do {
        let register = try data.reading()
        let clients = try register.clients()
        let known = try register.read { reading in
          try clients.map { client in
            let account = try reading.account(client.account)
            return KnownClient(
              id: String(client.account.drop { $0 != "/" }.dropFirst()), name: account?.name, scopes: client.scopes,
              units: account?.units ?? [], revoked: account?.closed ?? true)
          }
        }
        let lines = known.map {
          "\($0.id)  \($0.name ?? "?")  \($0.scopes.joined(separator: " "))\($0.revoked ? "  revoked" : "")"
        }
        try Answer(["clients": known], text: lines.isEmpty ? "No program may ask." : lines.joined(separator: "\n"))
          .print(asJSON: data.json)
      } catch let error as ExitCode { throw error } catch { throw Sentence(error) }
    }
  }

  struct Revoke: WritingCommand {
    static let configuration = CommandConfiguration(abstract: "Shut a program out, and end the tokens it has.")
    @OptionGroup var data: DataOptions
    @Argument(help: "Its client_id, or its name where one program alone is called so.") var program: String

    var arguments: [String] { ["client", "revoke", program] }

    func write(to register: Register, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> Answer {
      let id = try id(in: register)
      _ = try await register.submit(
        Submission(CloseAccount(account: "account/\(id)"), key: Environment.live.newID(), author: "system"))
      return try Answer(["revoked": id], text: "Revoked: \(id)")
    }

    private func id(in register: Register) throws -> String {
      if try register.client("account/\(program)") != nil { return program }
      let clients = try register.clients()
      let named = try register.read { reading in
        try clients.compactMap { client in
          try reading.account(client.account).flatMap { $0.name == program && !$0.closed ? client.account : nil }
        }
      }
      guard let one = named.first, named.count == 1 else {
        let found = named.isEmpty ? "No program has that client_id or name" : "Several programs are called so"
        throw Sentence("\(found): client list shows them all, each with its client_id.")
      }
      return String(one.drop { $0 != "/" }.dropFirst())
    }
  }
}

private struct NewClient: Encodable {
  var id: String
  var name: String
  var secret: String
  var scopes: [String]
}

private struct KnownClient: Encodable {
  var id: String
  var name: String?
  var scopes: [String]
  var units: [String]
  var revoked: Bool
}
