// Colours that pass WCAG 2.2 AA in light and dark; Mantine's own do not. Figures have digits of one width.
import { type CSSVariablesResolver, createTheme, Drawer, Menu, Modal, Table, Tabs } from '@mantine/core'

const DIALOG = { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } }

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 9 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  components: {
    // In a small window they scroll, where they would stand in several lines.
    Tabs: Tabs.extend({ classNames: { list: 'tabs-in-a-line' } }),
    // The browser's own scrolling, which the fade at the side is drawn upon.
    TableScrollContainer: Table.ScrollContainer.extend({
      defaultProps: { type: 'native' },
      classNames: { scrollContainer: 'more-aside' },
    }),
    // A menu that is opened by a key begins at its first item, as menus do elsewhere.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false, menuItemTabIndex: 0 } }),
    // Locking the scroll would put a style into the page that its policy refuses.
    Modal: Modal.extend({ defaultProps: DIALOG, classNames: { title: 'dialog-title' } }),
    Drawer: Drawer.extend({ defaultProps: DIALOG, classNames: { title: 'dialog-title' } }),
  },
})

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-dimmed': '#565c63',
    '--mantine-color-anchor': '#364fc7',
    '--mantine-color-error': '#b02525',
    '--mantine-color-green-light-color': '#1b5e28',
    '--mantine-color-yellow-outline': '#8a4b00',
    '--mantine-color-yellow-light-color': '#7a4300',
    '--spillway-surface': '#ffffff',
    '--spillway-canvas': '#f6f7f9',
    '--spillway-line': '#dfe3e8',
    '--spillway-edge': '#00000038',
    '--spillway-less': '#1e6b2e',
    '--spillway-more': '#a32020',
    '--spillway-actual': '#868e96',
    '--spillway-adjusted': '#3b4cc0',
  },
  dark: {
    '--mantine-color-placeholder': '#a6a7ab',
    '--mantine-color-dimmed': '#b1b2b5',
    '--mantine-color-anchor': '#a5b4fc',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-body': '#1f2024',
    '--mantine-color-gray-light': '#36383f',
    '--spillway-surface': '#1f2024',
    '--spillway-canvas': '#16171a',
    '--spillway-line': '#3a3c42',
    '--spillway-edge': '#ffffff52',
    '--spillway-less': '#69db7c',
    '--spillway-more': '#ff8787',
    '--spillway-actual': '#a6a7ab',
    '--spillway-adjusted': '#91a7ff',
  },
})
