//! Cases for the rules about the catalogue of error codes (`x-error-codes`).

use super::{Case, case};

const ERRORS: &str = "errors.yaml";

pub fn cases() -> Vec<Case> {
    vec![
        case(
            "error-code",
            ERRORS,
            "codes: [DEMO.0002]",
            "codes: [DEMO.0001]",
            "codes: [OTHER.0001]",
        ),
        case(
            "error-code",
            ERRORS,
            "codes: [DEMO.0002]",
            "codes: ['DEMO. 0002']",
            "codes: ['0002']",
        ),
        case(
            "error-code",
            ERRORS,
            "codes: [DEMO.0002]",
            "codes: []",
            "codes: [DEMO.0002, DEMO.0003]",
        ),
        case(
            "error-code",
            ERRORS,
            "status: 400",
            "status: 4000",
            "status: 200",
        ),
        case(
            "error-advice",
            ERRORS,
            "advice: check the device's id",
            "advice: Check the device's id.",
            "advice: check the device's id, and the project",
        ),
        case(
            "error-transient",
            ERRORS,
            "    transient: true\n",
            "    transient: false\n",
            "",
        ),
        case(
            "missing-key",
            ERRORS,
            "    advice: send the request again later\n",
            "    retry: true\n",
            "    advice: wait\n",
        )
        .above(),
        case(
            "wrong-type",
            ERRORS,
            "codes: [DEMO.0002]",
            "codes: [2]",
            "codes: ['2']",
        ),
        case(
            "english",
            ERRORS,
            "advice: send the request again later",
            "advice: \u{7a0d}\u{540e}",
            "advice: wait",
        ),
    ]
}
