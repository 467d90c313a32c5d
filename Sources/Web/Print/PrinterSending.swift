import Hummingbird

/// What became of a print job: sent, or the key of the sentence that says why not.
struct Printed {
  var problem: String?
  var isSent: Bool { problem == nil }
}

extension WebApp {
  /// Sends to one of the site's own printers; never to an address that a form names.
  func send(to printer: String?, _ zpl: () throws -> String) async -> Printed {
    guard let printer = print.printer(printer) else { return Printed(problem: "print.unknown") }
    do {
      try await printer.send(try zpl())
      return Printed(problem: nil)
    } catch let failure as PrinterFailure {
      return Printed(problem: failure.code)
    } catch {
      return Printed(problem: "labels.unprintable")
    }
  }
}
