import Interop
import Testing

struct CSVTextTests {
  @Test(
    arguments: [
      (["a", "b"], "\"a\",\"b\"\r\n"), (["il a dit \"non\"", ""], "\"il a dit \"\"non\"\"\",\"\"\r\n"),
      (["a,b", "a\nb"], "\"a,b\",\"a\nb\"\r\n"), (["=1+1"], "\"'=1+1\"\r\n"), (["+33 1"], "\"'+33 1\"\r\n"),
      (["-2"], "\"'-2\"\r\n"), (["@SUM(A1)"], "\"'@SUM(A1)\"\r\n"), (["\t=1"], "\"'\t=1\"\r\n"),
      (["\r\n=1"], "\"'\r\n=1\"\r\n"), (["a=1"], "\"a=1\"\r\n"),
      (["\u{FF1D}1+1"], "\"'\u{FF1D}1+1\"\r\n"), (["\u{FF20}SUM"], "\"'\u{FF20}SUM\"\r\n"),
      (["\n=1"], "\"'\n=1\"\r\n"),
    ])
  func line(cells: [String], text: String) { #expect(CSVText.line(cells, separator: ",") == text) }
}
