import Hospital
import Register

/// Files that are likely the same person's, each with why, and a button that goes on with it.
struct TwinList {
  let twins: [Twin]
  let names: Names
  let wording: Wording

  init(_ twins: [Twin], _ names: Names, _ wording: Wording) {
    self.twins = twins
    self.names = names
    self.wording = wording
  }

  var html: String {
    var out = "<section class=\"twins\" aria-label=\"\(escaped(wording("twins.title")))\">"
    out += "<p class=\"sheet note\" role=\"alert\"><span class=\"tag\" data-means=\"unsure\">!</span> "
    out += "\(escaped(wording("twins.help")))</p><ul class=\"choices\">"
    for (index, twin) in twins.enumerated() {
      let line = PatientLine(twin.patient, wording, ippAuthority: names.structure?.ippAuthority)
      let uuid = twin.patient.id.afterSlash
      let reasons = twin.reasons.map { wording.word("reason", $0.rawValue) }.joined(separator: ", ")
      out += "<li><kbd>\(index + 1)</kbd><div>\(line.html(wording, link: "/patients/\(uuid)"))"
      out += "<p class=\"details\">\(escaped(reasons))</p></div>"
      out += "<button class=\"plain\" name=\"same\" value=\"\(uuid)\" data-key=\"\(index + 1)\">"
      out += "\(escaped(wording("twins.same")))</button></li>"
    }
    return out + "</ul></section>"
  }
}
