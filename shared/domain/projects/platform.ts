/** What a project can run on, by the names that Sentry's clients and documentation use. */
const PLATFORMS: ReadonlySet<string> = new Set(
  `
  other
  android apple apple-ios apple-macos as3 bun c capacitor cfml cocoa cocoa-objc cocoa-swift cordova csharp
  csharp-aspnetcore dart deno electron elixir flutter godot groovy haskell ionic kotlin minidump nintendo-switch
  nintendo-switch-2 objc perl playstation powershell react-native rust swift unity unreal xbox
  dotnet dotnet-aspnet dotnet-aspnetcore dotnet-awslambda dotnet-gcpfunctions dotnet-maui dotnet-uwp dotnet-winforms
  dotnet-wpf dotnet-xamarin
  go go-echo go-fasthttp go-fiber go-gin go-http go-iris go-martini go-negroni
  java java-android java-appengine java-log4j java-log4j2 java-logback java-logging java-spring java-spring-boot
  javascript javascript-angular javascript-angularjs javascript-astro javascript-backbone javascript-browser
  javascript-capacitor javascript-cordova javascript-electron javascript-ember javascript-gatsby javascript-nextjs
  javascript-nuxt javascript-react javascript-react-router javascript-remix javascript-solid javascript-solidstart
  javascript-svelte javascript-sveltekit javascript-tanstackstart-react javascript-vue
  native native-breakpad native-crashpad native-minidump native-qt
  node node-awslambda node-azurefunctions node-cloudflare-pages node-cloudflare-workers node-connect node-express
  node-fastify node-gcpfunctions node-hapi node-hono node-koa node-nestjs
  php php-laravel php-monolog php-symfony php-symfony2
  python python-aiohttp python-asgi python-awslambda python-azurefunctions python-bottle python-celery python-chalice
  python-django python-falcon python-fastapi python-flask python-gcpfunctions python-litestar python-pylons
  python-pymongo python-pyramid python-quart python-rq python-sanic python-serverless python-starlette python-tornado
  python-tryton python-wsgi
  ruby ruby-rack ruby-rails
  `
    .trim()
    .split(/\s+/),
);

/** Whether a project can say that it runs on this. */
export function isPlatform(name: string): boolean {
  return PLATFORMS.has(name);
}
