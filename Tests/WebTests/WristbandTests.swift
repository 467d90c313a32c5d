import Testing
import Web

@Suite struct WristbandTests {
  private func band(_ format: WristbandFormat, rank: String? = nil) -> WristbandDrawing {
    WristbandDrawing(
      format: format, matrix: "000059284275", name: "MARTIN", givenName: "Louise",
      lines: ["12/03/1961 · F", "Nom utilisé DURAND", "IPP 000059284275"], status: "[PROV]", rank: rank)
  }

  @Test(arguments: WristbandFormat.usual)
  func theStatusIsOnEveryWristband(format: WristbandFormat) throws {
    #expect(try band(format).svg().contains("[PROV]"))
    #expect(try band(format).zpl().contains("[PROV]"))
  }

  @Test(arguments: WristbandFormat.usual)
  func nothingIsPrintedBeyondTheEdge(format: WristbandFormat) throws {
    let svg = try band(format, rank: "2/3").svg()
    for part in svg.split(separator: "<text ").dropFirst() {
      let y = Double(part.split(separator: "translate(")[1].split(separator: ")")[0].split(separator: " ")[1]) ?? 999
      #expect(y < format.height)
    }
    #expect(svg.contains("2/3"))
    #expect(!svg.contains("style="))
  }

  @Test func theThermalPrinterGetsTheSameMatrix() throws {
    #expect(try band(WristbandFormat.usual[0]).zpl().contains("^FD000059284275^FS"))
  }
}
