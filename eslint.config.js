// Lint for what the compiler does not see. Import directions and cycles are dependency-cruiser's (.dependency-cruiser.cjs).
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.dist-*'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      // Without noUncheckedIndexedAccess the compiler takes an index for granted; a check of one is no mistake.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Interfaces here are records of functions, taken apart at will; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // An op without attributes has exactly the empty record.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // An interface of options has its members from the table that checks them.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // What an interface calls for may have nothing to wait for or to do here.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn'] }]
    }
  },
  { files: ['bench/**', 'examples/**', 'test/**', '**/*.test.ts'], rules: { 'no-console': 'off' } }
)
