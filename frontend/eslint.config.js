// Style and traps; names and types are checked by tsc.
import js from "@eslint/js";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // tsc knows the browser's names
      "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "no-control-regex": "off",
      complexity: ["error", 20],
      eqeqeq: "error",
      "max-len": ["error", { code: 110, ignoreStrings: true }],
      "max-params": ["error", 8],
      "no-alert": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-nested-ternary": "off",
      "no-param-reassign": "error",
      "no-restricted-globals": ["error", "event", "name", "status", "top", "parent"],
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "Write texts as text: use element() of lib/dom.js.",
        })),
      ],
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
