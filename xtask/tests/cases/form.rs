//! Cases for the rules about YAML, characters, lines, keys, references, and the whole service.

use super::{Case, case, far};

const SERVICE: &str = "service.yaml";
const COMMON: &str = "common.yaml";
const DEVICES: &str = "devices.yaml";

pub fn cases() -> Vec<Case> {
    vec![
        // Findings of the loader, which reads the files.
        far("yaml-syntax", SERVICE, "title: Demo", "title: 'Demo", "title: 'Demo'"),
        case("plain-yaml", SERVICE, "title: Demo", "title: &x Demo", "title: '&x Demo'"),
        case("string-key", DEVICES, "        '204':", "        ~:", "        204:"),
        case("duplicate-name", COMMON, "    Limit:\n", "    Limit: {}\n    Limit:\n", "    Limit: # once\n"),
        case("duplicate-name", DEVICES, "    DeviceList:\n      type", "    DemoError:\n      type: object\n    DeviceList:\n      type", "    DeviceList:\n      type"),
        case("number-range", DEVICES, "maximum: 99999999999999999", "maximum: 99999999999999999999999", "maximum: 9223372036854775807"),
        case("number-range", DEVICES, "maximum: 99999999999999999", "maximum: .inf", "maximum: 7"),
        case("nesting-depth", SERVICE, "x-cloud: huaweicloud", DEEP, "x-cloud: otc"),
        // Characters and lines.
        case("line-length", SERVICE, "description: Devices.", LONG_BAD, LONG_GOOD),
        case("tab", SERVICE, "title: Demo", "title: Demo # a\ttab", "title: Demo # no tab"),
        case("line-ending", SERVICE, "title: Demo\n", "title: Demo\r\n", "title: Demo\n"),
        case("trailing-space", SERVICE, "title: Demo\n", "title: Demo \n", "title: Demo\n"),
        far("final-newline", SERVICE, "description: Token of a user.\n", "description: Token of a user.", "description: Token of a user.\n"),
        far("final-newline", SERVICE, "description: Token of a user.\n", "description: Token of a user.\n\n", "description: Token of a user.\n"),
        case("unfinished", SERVICE, "description: Devices.", "description: TODO", "description: Todos are devices."),
        case("unfinished", SERVICE, "description: Devices.", "description: Devices. # fixme", "description: Devices."),
        case("invisible-character", SERVICE, "description: Devices.", "description: \"De\\u202evices.\"", "description: \"De\\u0076ices.\""),
        case("yaml-syntax", SERVICE, "  title: Demo\n", "<<<<<<< HEAD\n  title: Demo\n=======\n  title: Demos\n>>>>>>> branch\n", "  title: Demo\n"),
        // Keys.
        case("unknown-key", SERVICE, "description: Devices.", "descripton: Devices.", "description: Devices, of course."),
        case("unknown-key", DEVICES, "          minLength: 2\n", "          min_length: 2\n", "          minLength: 1\n"),
        case("unknown-extension", DEVICES, "x-retry: unsafe", "x-retries: unsafe", "x-retry: unsafe"),
        case("unknown-extension", DEVICES, "x-enum-varnames: [Offline, Online]", "x-enum-names: [Offline, Online]\n      x-enum-varnames: [Offline, Online]", "x-enum-varnames: [Off, On]"),
        case("unsupported-key", DEVICES, "        status:\n          allOf:", "        status:\n          oneOf:", "        status:\n          allOf:"),
        case("unsupported-key", DEVICES, "          format: int64\n          description: ID of", "          format: int64\n          readOnly: true\n          description: ID of", "          format: int64\n          deprecated: true\n          description: ID of"),
        case("unsupported-key", DEVICES, "    get:\n", "    parameters: []\n    get:\n", "    get:\n"),
        case("missing-key", SERVICE, "  version: v1\n  description: A", "  description: A", "  version: v2\n  description: A").above(),
        case("missing-key", DEVICES, "        '204':\n          description: The device was there already.", "        '204': {}", "        '204':\n          description: It was there."),
        case("wrong-type", SERVICE, "version: v1", "version: 1.0", "version: '1.0'"),
        case("wrong-type", DEVICES, "maxItems: 100", "maxItems: '100'", "maxItems: 10"),
        case("wrong-type", DEVICES, "required: [name]", "required: name", "required: [name, password]"),
        far("wrong-type", SERVICE, "  - token: []", "  - token", "  - token: []\n  - {}"),
        far("description", SERVICE, "    description: Devices.", "    description: ' '", "    description: Things."),
        case("description", DEVICES, "          description: Number of devices.\n", "", "          description: How many.\n").above(),
        case("description", COMMON, "      description: Number of items to skip.\n", "", "      description: How many to skip.\n").above(),
        case("english", DEVICES, "description: Returns the devices.", "description: 查询设备", "description: Returns the devices – naïvely."),
        // References.
        case("external-ref", DEVICES, "- $ref: '#/components/parameters/Limit'", "- $ref: 'common.yaml#/components/parameters/Limit'", "- $ref: '#/components/parameters/Limit'"),
        case("external-ref", DEVICES, "- $ref: '#/components/parameters/Limit'", "- $ref: 1", "- $ref: \"#/components/parameters/Limit\""),
        case("dangling-ref", DEVICES, "- $ref: '#/components/parameters/Limit'", "- $ref: '#/components/parameters/Limits'", "- $ref: '#/components/parameters/Limit'"),
        case("ref-kind", DEVICES, "- $ref: '#/components/parameters/Limit'", "- $ref: '#/components/schemas/Device'", "- $ref: '#/components/parameters/Limit'"),
        case("ref-siblings", DEVICES, "- $ref: '#/components/parameters/Limit'", "- $ref: '#/components/parameters/Limit'\n          required: true", "- $ref: '#/components/parameters/Limit'"),
        case("bare-ref", DEVICES, "          allOf:\n            - $ref: '#/components/schemas/DeviceStatus'\n          description: Whether it is connected.\n          minimum: 0\n          maximum: 1\n", "          $ref: '#/components/schemas/DeviceStatus'\n", "          allOf:\n            - $ref: '#/components/schemas/DeviceStatus'\n          description: Whether it is connected.\n").above(),
        case("reference-cycle", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      type: object\n      description: Trees.\n      required: [twig]\n      properties:\n        twig:\n          allOf:\n            - $ref: '#/components/schemas/DeviceTree'\n          description: A twig.\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("reference-cycle", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      type: object\n      description: Trees.\n      required: [twig]\n      properties:\n        twig:\n          allOf:\n            - $ref: '#/components/schemas/DeviceTwig'\n          description: A twig.\n    DeviceTwig:\n      type: object\n      description: Twigs.\n      required: [tree]\n      properties:\n        tree:\n          allOf:\n            - $ref: '#/components/schemas/DeviceTree'\n          description: Its tree.\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        far("reference-cycle", DEVICES, "    DeviceStatus:\n", "    DeviceTree:\n      description: Trees.\n      allOf:\n        - $ref: '#/components/schemas/DeviceTree'\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        case("unused-component", DEVICES, "    DeviceStatus:\n", "    DeviceState:\n      type: object\n      description: Forgotten.\n      properties: {}\n    DeviceStatus:\n", "    DeviceStatus:\n"),
        far("unused-component", DEVICES, "        - $ref: '#/components/parameters/Offset'\n", "", "        - $ref: '#/components/parameters/Offset'\n"),
        far("component-home", COMMON, "    DemoError:\n      type: object\n      description: What went wrong.\n      properties:\n", "    DemoError:\n      type: object\n      description: What went wrong.\n      properties:\n        device:\n          allOf:\n            - $ref: '#/components/schemas/Device'\n          description: The device.\n", "    DemoError:\n      type: object\n      description: What went wrong.\n      properties:\n"),
        // The whole service.
        case("openapi-version", SERVICE, "openapi: 3.0.3", "openapi: 3.1.0", "openapi: '3.0.3'"),
        case("file-layout", COMMON, "components:\n  parameters:", "externalDocs: {url: a, description: b}\ncomponents:\n  parameters:", "components:\n  parameters:"),
        case("chapter-tag", DEVICES, "      x-huawei-operation-id: ListDevices\n      summary: List devices\n      description: Returns the devices.\n      tags: [devices]", "      x-huawei-operation-id: ListDevices\n      summary: List devices\n      description: Returns the devices.\n      tags: [devices, things]", "      x-huawei-operation-id: ListDevices\n      summary: List devices\n      description: Returns the devices.\n      tags:\n        - devices"),
        case("chapter-tag", SERVICE, "  - name: devices\n    description: Devices.", "  - name: devices\n    description: Devices.\n  - name: rules\n    description: Rules.", "  - name: devices\n    description: Things."),
        case("server-url", SERVICE, "https://demo.{region}.example.com", "http://demo.{region}.example.com", "https://{region}.example.com"),
        case("server-url", SERVICE, "https://demo.{region}.example.com", "https://demo.{area}.{region}.example.com", "https://demo.{region}.example.org"),
        case("server-url", SERVICE, "default: here", "default: nowhere", "default: there"),
        far("security", SERVICE, "  - token: []", "  - token: []\n  - signature: []", "  - token: []\n  - {}"),
        far("security", SERVICE, "      in: header", "      in: cookie", "      in: header"),
    ]
}

const DEEP: &str = "x-cloud: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";

// A line can have 160 characters, but not 161. Lint counts characters and not bytes: `é` has two bytes in UTF-8.
const LONG_GOOD: &str = "description: ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé";
const LONG_BAD: &str = "description: éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé";
