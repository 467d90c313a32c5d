import Hospital

/// Warnings that many fields share; the sentence names the field.
extension Warning {
  static func codeUnknown(_ field: String) -> Warning {
    Warning("hl7.code-unknown", field: field, ["field": field])
  }

  static func fieldMissing(_ field: String) -> Warning {
    Warning("hl7.field-missing", field: field, ["field": field])
  }

  static func fieldTooLong(_ field: String) -> Warning {
    Warning("hl7.field-too-long", field: field, ["field": field])
  }
}
