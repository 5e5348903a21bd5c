//! Cases for the rules about schemas, enums, limits, names and secrets.

use super::{Case, case, far};

const DEVICES: &str = "devices.yaml";

pub fn cases() -> Vec<Case> {
    vec![
        far("schema-type", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties:\n            maxLength: 1\n", "          additionalProperties:\n            type: string\n            maxLength: 10\n"),
        case("schema-type", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties:\n            type: file\n", "          additionalProperties:\n            type: string\n"),
        far("inline-object", DEVICES, "          additionalProperties:\n            type: string\n", "          properties: {}\n", "          additionalProperties:\n            type: string\n            maxLength: 64\n"),
        far("open-object", DEVICES, "          additionalProperties:\n            type: string\n", "", "          additionalProperties:\n            type: string\n            maxLength: 64\n"),
        case("open-object", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties: false\n", "          additionalProperties:\n            type: string\n            maxLength: 64\n"),
        far("schema-type", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties:\n            nullable: true\n", "          additionalProperties: true\n"),
        far("schema-type", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties: {}\n", "          additionalProperties:\n            additionalProperties: true\n"),
        far("open-object", DEVICES, "          additionalProperties:\n            type: string\n", "          additionalProperties:\n            type: object\n", "          additionalProperties: true\n"),
        far("open-object", DEVICES, "    DeviceStatus:\n", "    Nothing:\n      type: object\n      description: Nothing.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("all-of", DEVICES, "            - $ref: '#/components/schemas/DeviceStatus'\n", "            - $ref: '#/components/schemas/DeviceStatus'\n            - $ref: '#/components/schemas/DeviceStatus'\n", "            - $ref: '#/components/schemas/DeviceStatus'\n").above(),
        case("all-of", DEVICES, "          description: Whether it is connected.\n", "          description: Whether it is connected.\n          format: int32\n", "          description: Whether it is connected.\n          deprecated: true\n"),
        far("array-items", DEVICES, "            type: array\n            items:\n              type: string\n", "            type: array\n", "            type: array\n            items:\n              type: integer\n              format: int64\n"),
        far("scalar-component", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      type: array\n      description: Trees.\n      items:\n        $ref: '#/components/schemas/DeviceTree'\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        far("scalar-component", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      type: object\n      description: Trees.\n      additionalProperties:\n        type: array\n        items:\n          $ref: '#/components/schemas/DeviceTree'\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        far("scalar-component", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      type: array\n      description: Trees.\n      items:\n        $ref: '#/components/schemas/DeviceForest'\n    DeviceForest:\n      type: array\n      description: Forests.\n      items:\n        $ref: '#/components/schemas/DeviceTree'\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("required-property", DEVICES, "required: [name]", "required: [names]", "required: [name, password]"),
        case("required-property", DEVICES, "required: [name]", "required: [name, name]", "required: [password]"),
        // Limits, formats, units and patterns.
        case("limit-order", DEVICES, "          minLength: 2\n          maxLength: 64\n", "          minLength: 65\n          maxLength: 64\n", "          minLength: 11\n          maxLength: 11\n"),
        case("limit-type", DEVICES, "          minLength: 2\n          maxLength: 64\n", "          minimum: 2\n          maximum: 64\n", "          minLength: 2\n"),
        case("limit-type", DEVICES, "          minimum: 0\n          maximum: 1\n", "          minLength: 0\n", "          minimum: 0\n"),
        case("limit-type", DEVICES, "          type: integer\n          format: int64\n          description: Number of devices.", "          type: integer\n          format: long\n          description: Number of devices.", "          type: integer\n          format: int32\n          description: Number of devices."),
        far("integer-format", DEVICES, "          type: integer\n          format: int64\n          description: Number of devices.", "          type: integer\n          description: Number of devices.", "          type: integer\n          format: int32\n          description: Number of devices."),
        case("integer-format", DEVICES, "          type: integer\n          format: int64\n          description: ID of the device.\n          minimum: 0\n          maximum: 99999999999999999\n", "          type: integer\n          format: int32\n          description: ID of the device.\n", "          type: integer\n          format: int64\n          description: ID of the device.\n"),
        case("integer-format", DEVICES, "maximum: 99999999999999999", "maximum: 9223372036854775808", "maximum: 9223372036854775807"),
        case("integer-format", DEVICES, "maximum: 99999999999999999", "maximum: 10.5", "maximum: 10"),
        far("time-unit", DEVICES, "Time of creation, in milliseconds since 1970-01-01T00:00:00 UTC.", "Time of creation.", "Time of creation, in seconds, UTC."),
        case("pattern", DEVICES, "pattern: '^[a-z]+$'", "pattern: '^(?=[a-z])[a-z]+$'", "pattern: '^[a-z]{2,}$'"),
        case("pattern", DEVICES, "pattern: '^[a-z]+$'", "pattern: '^[a-z+$'", "pattern: '^[a-z-]+$'"),
        // Names.
        case("component-name", DEVICES, "    DeviceStatus:\n", "    Devices:\n      type: object\n      description: Plural.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("component-name", DEVICES, "    DeviceStatus:\n", "    Option:\n      type: object\n      description: Taken.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("component-name", DEVICES, "    DeviceStatus:\n", "    Into:\n      type: object\n      description: Taken.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("component-name", DEVICES, "    DeviceStatus:\n", "    device_state:\n      type: object\n      description: Snake.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("wire-name", DEVICES, "        created_datetime:\n", "        '2':\n          type: string\n          description: Two.\n        created_datetime:\n", "        2fa:\n          type: string\n          description: Two factors.\n        created_datetime:\n"),
        case("name-clash", DEVICES, "    DeviceStatus:\n", "    ListDevicesParams:\n      type: object\n      description: Clash.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("name-clash", DEVICES, "    DeviceStatus:\n", "    ListDevicesParamsRequired:\n      type: object\n      description: Clash.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("name-clash", DEVICES, "        created_datetime:\n", "        createdDatetime:\n          type: string\n          description: A clash.\n        created_datetime:\n", "        created:\n          type: string\n          description: No clash.\n        created_datetime:\n"),
        // Enums.
        case("inline-enum", DEVICES, "          pattern: '^[a-z]+$'\n", "          enum: [thermometer]\n", "          pattern: '^[a-z]*$'\n"),
        case("enum-values", DEVICES, "enum: [0, 1]", "enum: [0, '1']", "enum: [0, -1]"),
        case("enum-values", DEVICES, "enum: [0, 1]", "enum: [0, 0]", "enum: [1, 0]"),
        case("enum-varnames", DEVICES, "x-enum-varnames: [Offline, Online]", "x-enum-varnames: [Offline]", "x-enum-varnames: [Off, On]"),
        case("enum-varnames", DEVICES, "x-enum-varnames: [Offline, Online]", "x-enum-varnames: [Offline, Offline]", "x-enum-varnames: [Offline, OffLine]"),
        case("enum-varnames", DEVICES, "x-enum-varnames: [Offline, Online]", "x-enum-varnames: [Offline, 2G]", "x-enum-varnames: [Offline, G2]"),
        case("enum-varnames", DEVICES, "x-enum-varnames: [Offline, Online]", "x-enum-varnames: [Offline, Self]", "x-enum-varnames: [Offline, SelfMade]"),
        far("enum-varnames", DEVICES, "      x-enum-varnames: [Offline, Online]\n", "", "      x-enum-varnames: [Offline, Online]\n"),
        case("enum-descriptions", DEVICES, "[It is not connected., It is connected.]", "[It is not connected.]", "[No., Yes.]"),
        case("enum-descriptions", DEVICES, "[It is not connected., It is connected.]", "[It is not connected., '']", "[No., Yes.]"),
        // Secrets.
        far("secret-format", DEVICES, "                type: string\n                format: password\n", "                type: string\n", "                type: string\n                x-not-secret: It is printed on the device.\n"),
        case("secret-format", DEVICES, "        labels:\n          type: object\n          description: Labels by name.\n          additionalProperties:\n            type: string\n", "        labels:\n          type: object\n          description: Labels by name.\n          additionalProperties:\n            type: string\n        access_token:\n          type: string\n          description: A token.\n", "        labels:\n          type: object\n          description: Labels by name.\n          additionalProperties:\n            type: string\n        task:\n          type: string\n          description: A task.\n"),
        case("secret-form", DEVICES, "          description: Password with which the device signs in.\n", "          description: Password with which the device signs in.\n          default: Example#2023\n", "          description: Password with which the device signs in.\n"),
        far("secret-form", DEVICES, "            type: array\n            items:\n              type: string\n", "            type: string\n            format: password\n", "            type: string\n"),
        case("password-rule", DEVICES, "minClasses: 3}", "minClasses: 5}", "minClasses: 4}"),
        case("password-rule", DEVICES, "x-password-rule: {minLength: 8, maxLength", "x-password-rule: {minLength: 9, maxLength", "x-password-rule: {minLength: 8, maxLength"),
    ]
}
