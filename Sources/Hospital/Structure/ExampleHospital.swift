/// The made-up hospital that is built in, for practice and for `init` without a file.
public enum ExampleHospital {
  /// The content of `Examples/hospital.yaml`.
  public static var yaml: String { String(decoding: PackageResources.hospital_yaml, as: UTF8.self) }

  public static func structure() throws(StructureFault) -> Structure { try Structure(yaml: yaml) }
}
