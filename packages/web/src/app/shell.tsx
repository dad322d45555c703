// The frame: where one can go, of which month and in which view, who one is. The explanation of a figure opens beside any screen.
import {
  ActionIcon,
  AppShell,
  Avatar,
  Box,
  Burger,
  Group,
  Menu,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconLogout, IconMoon, IconSearch, IconSun, IconUserCog } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { client } from '../api/client.ts'
import { keepPeriod } from '../components/page-header.tsx'
import { useGo } from './go.ts'
import { GO_TO_KEYS } from './go-to-keys.ts'
import { keepFocus } from './keep-focus.ts'
import { NAVIGATION } from './navigation.ts'
import { PeriodPicker } from './period-picker.tsx'
import { parseSearch, readSearch, type ScreenSearch } from './search.ts'
import { useMe } from './session.tsx'
import classes from './shell.module.css'
import { ViewSwitch } from './view-switch.tsx'

const loadExplainPanel = () => import('../components/explain-panel.tsx')
const ExplainPanel = lazy(() => loadExplainPanel().then((found) => ({ default: found.ExplainPanel })))
// An address with an explanation: its piece comes beside those of the screen, and not after they are drawn.
if (isExplaining(readSearch(parseSearch(window.location.search)))) void loadExplainPanel()
const GoTo = lazy(() => import('./go-to.tsx').then((found) => ({ default: found.GoTo })))

export function Shell({ children }: { readonly children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { pathname, search } = useLocation()
  useFocusOnArrival(pathname, close)
  useEffect(keepFocus, [])
  const [isGoingTo, setGoingTo] = useState(false)
  const goTo = () => setGoingTo(true)
  // Once it is there it has these keys itself.
  useHotkeys(isGoingTo ? [] : GO_TO_KEYS.map((key) => [key, goTo]))
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header className={classes.header ?? ''}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Link to="/" search={keepPeriod as never} className={classes.brand}>
              <img src="/icon.svg" alt="" width={24} height={24} />
              <Text span fw={700} visibleFrom="xs">
                Spillway
              </Text>
            </Link>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <PeriodPicker />
            <Box visibleFrom="sm">
              <ViewSwitch />
            </Box>
            <SearchButton onPress={isGoingTo ? undefined : goTo} />
            <SchemeButton />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar ?? ''}>
        <Box hiddenFrom="sm" p="md" pb={0}>
          <ViewSwitch />
        </Box>
        <Navigation pathname={pathname} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main ?? ''}>
        {children}
      </AppShell.Main>
      {isExplaining(search) && (
        <Suspense fallback={null}>
          <ExplainPanel />
        </Suspense>
      )}
      {isGoingTo && (
        <Suspense fallback={null}>
          <GoTo />
        </Suspense>
      )}
    </AppShell>
  )
}

function isExplaining({ explain, event }: ScreenSearch): boolean {
  return explain !== undefined || event !== undefined
}

/** A screen reader is told of the new screen; the menu of a small window closes. */
function useFocusOnArrival(pathname: string, close: () => void): void {
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    close()
    document.getElementById('content')?.focus({ preventScroll: true })
  }, [pathname, close])
}

function Navigation({ pathname }: { readonly pathname: string }) {
  const { permissions } = useMe()
  const list = useRef<HTMLElement>(null)
  // In a low window the screens scroll, and the one that is shown may be out of sight.
  // Once the page is laid out for a frame: at once, it would be laid out one time more.
  useEffect(() => {
    if (pathname === '') return undefined
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' }),
    )
    return () => cancelAnimationFrame(frame)
  }, [pathname])
  return (
    <nav ref={list} aria-label="Screens" className={classes.sections}>
      {NAVIGATION.map(({ label, destinations }) => {
        const offered = destinations.filter(({ needs }) => needs === undefined || permissions.includes(needs))
        if (offered.length === 0) return null
        return (
          <div key={label}>
            <Text size="xs" fw={600} c="dimmed" className={classes.section ?? ''}>
              {label}
            </Text>
            {offered.map(({ to, label: name, icon: Icon }) => {
              const isHere = to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)
              return (
                <Link
                  key={to}
                  to={to}
                  search={keepPeriod as never}
                  className={classes.destination}
                  aria-current={isHere ? 'page' : undefined}
                >
                  <Icon size={17} aria-hidden />
                  {name}
                </Link>
              )
            })}
          </div>
        )
      })}
    </nav>
  )
}

/** Asks for it where it is there already. */
function SearchButton({ onPress }: { readonly onPress: (() => void) | undefined }) {
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label="Go to (Ctrl+K)"
      onClick={onPress ?? (() => document.dispatchEvent(new CustomEvent('spillway:go-to')))}
    >
      <IconSearch size={17} />
    </ActionIcon>
  )
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon
      variant="default"
      size="lg"
      visibleFrom="xs"
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      {other === 'light' ? <IconSun size={17} /> : <IconMoon size={17} />}
    </ActionIcon>
  )
}

function UserMenu() {
  const { user, signedInBy } = useMe()
  const go = useGo()
  const signOut = async () => {
    await client.ask('signOut', {})
    // Nothing of what was read stays in the page.
    window.location.assign('/')
  }
  const initials = user.name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={`${user.name}: account`} className={classes.user ?? ''}>
          <Avatar color="indigo" radius="xl" size={34} variant="filled">
            {initials}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name}
          <br />
          {user.email}
        </Menu.Label>
        <Menu.Item leftSection={<IconUserCog size={15} />} onClick={() => go('/settings', { tab: 'me' })}>
          Preferences
        </Menu.Item>
        {signedInBy === 'session' && (
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={signOut}>
            Sign out
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
