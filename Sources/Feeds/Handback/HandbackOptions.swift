import Hospital
import Interop
import NIOSSL
import Register

/// How a hand-back is sent.
public struct HandbackOptions: Sendable {
  public var address: MLLPAddress
  public var tls: TLSConfiguration?
  public var charset: Charset
  /// MSH-5 and MSH-6.
  public var receivingApplication: String
  public var receivingFacility: String
  /// At most; 0 for as many as the other side takes.
  public var perSecond: Double
  /// For an answer.
  public var answerSeconds: Int64
  /// Without any answer for so long, it is given up until somebody starts it again.
  public var patienceSeconds: Int
  /// Before the first repeat; twice as long each time.
  package var repeatSeconds = 0.5
  /// Until a message may go.
  package var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void = {
    try await Task.sleep(until: $0, clock: .continuous)
  }

  public init(
    address: MLLPAddress, tls: TLSConfiguration? = nil, charset: Charset = .latin1, receivingApplication: String = "",
    receivingFacility: String = "", perSecond: Double = 50, answerSeconds: Int64 = 30, patienceSeconds: Int = 600
  ) {
    self.address = address
    self.tls = tls
    self.charset = charset
    self.receivingApplication = receivingApplication
    self.receivingFacility = receivingFacility
    self.perSecond = perSecond
    self.answerSeconds = answerSeconds
    self.patienceSeconds = patienceSeconds
  }
}

/// Another station sends already.
public struct HandbackElsewhere: Error, CustomStringConvertible {
  public var run: HandbackRun
  public var description: String {
    "\(run.station) has been sending to \(run.address) since \(run.since.text): wait for its end, or until it gave no "
      + "sign for \(HandbackRun.silenceSeconds / 60) minutes."
  }
}

/// Nobody answered for as long as somebody was ready to wait.
public struct HandbackGivenUp: Error, CustomStringConvertible {
  public var address: MLLPAddress
  public var description: String {
    "\(address) did not answer, or cannot write: look whether the main system listens there, then start again; nothing "
      + "is sent twice."
  }
}

extension SendingSettings {
  /// Of this hospital, as its structure says.
  init(
    _ register: Register, charset: Charset, receivingApplication: String, receivingFacility: String
  ) throws {
    guard let structure = try register.read({ try $0.structure }), let zone = LocalTime(zone: structure.timeZone)
    else { throw RegisterFault.store("there is no structure to speak for") }
    self.init(
      structure: structure, localTime: zone, charset: charset, receivingApplication: receivingApplication,
      receivingFacility: receivingFacility)
  }
}
