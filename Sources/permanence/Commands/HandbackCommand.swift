import ArgumentParser
import Feeds
import Foundation
import Hospital
import Interop
import Register

struct HandbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handback", abstract: "What was registered meanwhile goes back to the main system.",
    subcommands: [Status.self, Send.self, HandbackExport.self])

  struct Status: HandingCommand {
    static let configuration = CommandConfiguration(
      abstract: "What is left to send, what was acknowledged, and what waits for a person.")
    @OptionGroup var data: DataOptions

    var arguments: [String] { ["handback", "status"] }

    func run() async throws {
      do { try await found().print(asJSON: data.json) } catch let error as ExitCode { throw error } catch {
        throw Sentence(error)
      }
    }

    /// It writes nothing: a station that serves has counted already, and without one the folder is read.
    private func found() async throws -> Answer {
      do { return try await ControlClient(folder: data.folder).ask(arguments) { _, _ in } } catch RegisterFault.locked {
        // Nobody serves.
      }
      let register = try data.reading()
      return try HandbackAnswer(register, HandbackBook(register)).answer()
    }

    func answer(
      from desk: HandbackDesk, _ register: Register, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> Answer { try HandbackAnswer(register, desk.book).answer() }
  }

  struct Send: HandingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send it by HL7 v2 over MLLP, message by message, until nothing is left but what waits for a person.")
    @OptionGroup var data: DataOptions
    @Option(help: "Where the main system listens, HOST:PORT.") var mllp: String
    @Option(help: "The name of the receiver, APPLICATION|FACILITY (MSH-5 and MSH-6).") var receiver = ""
    @Option(help: "The receiver's character set: 8859/1, 8859/15 or UNICODE UTF-8.") var charset = "8859/1"
    @Option(help: "Messages in a second at most; 0 for as many as the receiver takes.") var perSecond = 50.0
    @Option(help: "Seconds to wait for an answer.") var answerSeconds = 30
    @Option(help: "Seconds without any answer after which it is given up.") var patience = 600
    @Flag(help: "Encrypt what is sent.") var tls = false
    @Option(help: "Authorities that vouch for the receiver, PEM; handback-authority.pem of the data folder, if absent.")
    var tlsAuthority: String?
    @Option(help: "Certificate chain to show the receiver, PEM; handback-certificate.pem, if absent.")
    var tlsCertificate: String?
    @Option(help: "Its private key, PEM; handback-certificate-key.pem, if absent.") var tlsCertificateKey: String?

    func validate() throws {
      guard MLLPAddress(mllp) != nil else { throw ValidationError("\(mllp) is no address: write HOST:PORT.") }
      guard SendingSettings.charsets.contains(where: { $0.rawValue == charset }) else {
        throw ValidationError("--charset takes 8859/1, 8859/15 or \"UNICODE UTF-8\".")
      }
      guard receiver.isEmpty || receiver.split(separator: "|", omittingEmptySubsequences: false).count == 2 else {
        throw ValidationError("--receiver takes APPLICATION|FACILITY.")
      }
      guard (tlsCertificate == nil) == (tlsCertificateKey == nil) else {
        throw ValidationError("--tls-certificate and --tls-certificate-key go together.")
      }
      guard tls || tlsAuthority == nil && tlsCertificate == nil else {
        throw ValidationError("--tls-authority and --tls-certificate need --tls: without it messages go in the clear.")
      }
      guard (0...10_000).contains(perSecond), (1...3600).contains(answerSeconds), (0...86_400).contains(patience) else {
        throw ValidationError("--per-second, --answer-seconds and --patience take a number that is not negative.")
      }
    }

    var arguments: [String] {
      let files = [
        ("--tls-authority", tlsAuthority), ("--tls-certificate", tlsCertificate),
        ("--tls-certificate-key", tlsCertificateKey),
      ]
      return [
        "handback", "send", "--mllp", mllp, "--receiver", receiver, "--charset", charset, "--per-second",
        "\(perSecond)",
        "--answer-seconds", "\(answerSeconds)", "--patience", "\(patience)",
      ]
        + (tls ? ["--tls"] : [])
        + files.flatMap { name, file in file.map { [name, URL(filePath: $0).path] } ?? [] }
    }

    var beforehand: String? {
      "Sending to \(mllp). While nothing answers there it is tried again, for \(patience) s in all (--patience); a "
        + "station that serves goes on with it when this command is ended."
    }

    func answer(
      from desk: HandbackDesk, _ register: Register, progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> Answer {
      try await desk.send(options(register), by: "system") { progress($0.done, $0.of) }
      return try HandbackAnswer(register, desk.book).answer()
    }

    private func options(_ register: Register) throws -> HandbackOptions {
      guard let address = MLLPAddress(mllp), let charset = Charset(rawValue: charset) else {
        throw Sentence("\(mllp) is no address: write HOST:PORT.", code: 64)
      }
      var files = HandbackTLS(folder: register.path)
      if let tlsAuthority { files.authority = tlsAuthority }
      if tlsCertificate != nil { (files.certificate, files.key) = (tlsCertificate, tlsCertificateKey) }
      let names = receiver.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return HandbackOptions(
        address: address, tls: try tls ? files.configuration() : nil, charset: charset,
        receivingApplication: names.first ?? "", receivingFacility: names.count > 1 ? names[1] : "",
        perSecond: perSecond, answerSeconds: Int64(answerSeconds), patienceSeconds: patience)
    }
  }
}

private struct HandbackAnswer: Encodable {
  struct Row: Encodable {
    var control: String
    var trigger: String
    /// AE, AR, or `none` where nothing that can be read was ever answered.
    var answer: String
    var place: String?
    var reason: String?
    var at: String
    /// The commit that it tells of.
    var station: String
    var sequence: Int
  }

  var pending: Int
  var sent: Int
  var acknowledged: Int
  var settled: Int
  var edited: Int
  var reentry: Roads
  var refused: [Row]

  /// Stays and identities on the roads that people walk.
  struct Roads: Encodable {
    var toEnter: Int
    var parked: Int
    var entered: Int
    var exported: Int
    var confirmed: Int
    var unconfirmed: Int
  }

  init(_ register: Register, _ book: HandbackBook) throws {
    let status = try HandbackStatus(register, book, at: Environment.live.now())
    let hours = try register.read { try $0.hours() }
    (pending, sent, acknowledged, settled) = (status.pending, status.sent, status.acknowledged, status.settled)
    edited = status.edited
    let roads = status.reentry
    reentry = Roads(
      toEnter: roads.toEnter, parked: roads.parked, entered: roads.entered, exported: roads.exported,
      confirmed: roads.confirmed, unconfirmed: roads.unconfirmed)
    refused = status.refused.map { refused in
      let message = refused.message
      return Row(
        control: message.control, trigger: message.trigger, answer: message.answer ?? "none", place: message.place,
        reason: message.reason, at: hours.iso(message.at), station: refused.commit?.station ?? "",
        sequence: refused.commit?.sequence ?? 0)
    }
  }

  /// No where a message waits for a person.
  func answer() throws -> Answer {
    var lines = ["\(acknowledged) messages acknowledged, \(pending) to send, \(refused.count) refused."]
    if settled > 0 { lines.append("\(settled) done by hand.") }
    if edited > 0 { lines.append("\(edited) edited for the sending.") }
    if reentry.entered + reentry.exported > 0 {
      lines.append(
        "\(reentry.entered) stays entered by hand, \(reentry.exported) exported; "
          + "\(reentry.confirmed) confirmed by the feed."
      )
    }
    lines += refused.map { "\($0.trigger) \($0.control): \($0.answer) \($0.place ?? "") \($0.reason ?? "")" }
    return try Answer(self, text: lines.joined(separator: "\n"), isYes: refused.isEmpty)
  }
}
