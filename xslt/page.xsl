<?xml version="1.0" encoding="UTF-8"?>
<!-- The frame of every page, and the only <html>: header bar, acting bar, notices, main.
     A page gives a template for its kind in the mode "content", in the mode "heading" too when the document has no @title.
     No script, style or event handler may stand in a page: the Content-Security-Policy forbids them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:include href="lib/links.xsl"/>
<xsl:include href="lib/words.xsl"/>
<xsl:include href="lib/forms.xsl"/>
<xsl:output method="html" encoding="UTF-8" indent="no"/>

<xsl:variable name="base" select="/t:page/@base"/>
<xsl:variable name="assets" select="/t:page/@assets"/>
<xsl:variable name="kind" select="/t:page/@kind"/>
<xsl:variable name="session" select="/t:page/t:session"/>
<xsl:variable name="theme" select="/t:page/@theme"/>

<xsl:template match="/">
	<xsl:for-each select="t:page">
		<html lang="{@lang}">
			<head>
				<meta charset="utf-8"/>
				<meta name="viewport" content="width=device-width, initial-scale=1"/>
				<meta name="color-scheme" content="light dark"/>
				<title><xsl:apply-templates select="." mode="heading"/><xsl:if test="$session"> - <xsl:value-of select="$session/t:acting/@name"/></xsl:if> - <xsl:call-template name="product"/></title>
				<xsl:choose>
					<xsl:when test="@logo"><link rel="icon" href="{$base}assets/themes/{$theme}/{@logo}?v={$assets}"/></xsl:when>
					<xsl:otherwise><link rel="icon" href="{$base}assets/favicon.svg?v={$assets}" type="image/svg+xml"/></xsl:otherwise>
				</xsl:choose>
				<link rel="stylesheet" href="{$base}assets/tenantry.css?v={$assets}"/>
				<xsl:if test="@style"><link rel="stylesheet" href="{$base}assets/themes/{$theme}/theme.css?v={$assets}"/></xsl:if>
				<script type="module" src="{$base}assets/tenantry.js?v={$assets}"></script>
			</head>
			<body data-kind="{@kind}">
				<xsl:if test="$session"><xsl:attribute name="data-acting"><xsl:value-of select="$session/t:acting/@id"/></xsl:attribute></xsl:if>
				<a class="skip" href="#main">Skip to content</a>
				<xsl:call-template name="bar"/>
				<xsl:if test="$session/t:acting/@switched"><xsl:call-template name="acting"/></xsl:if>
				<main id="main" tabindex="-1">
					<xsl:for-each select="t:notice">
						<p class="notice {@kind}">
							<xsl:attribute name="role"><xsl:choose><xsl:when test="@kind = 'error'">alert</xsl:when><xsl:otherwise>status</xsl:otherwise></xsl:choose></xsl:attribute>
							<xsl:value-of select="."/>
						</p>
					</xsl:for-each>
					<xsl:apply-templates select="." mode="content"/>
				</main>
				<p id="live" class="vh" role="status"></p>
			</body>
		</html>
	</xsl:for-each>
</xsl:template>

<!-- What a page sheet overrides. -->
<xsl:template match="t:page" mode="content"/>
<xsl:template match="t:page" mode="heading"><xsl:value-of select="/t:page/@title"/></xsl:template>

<!-- What the product is called: a theme's pages have another name. -->
<xsl:template name="product">
	<xsl:choose>
		<xsl:when test="$theme"><xsl:value-of select="/t:page/@product"/></xsl:when>
		<xsl:otherwise>Tenantry</xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- The header, in parts that a theme may put together in another way. -->
<xsl:template name="brand">
	<a class="brand" href="{$base}">
		<xsl:choose>
			<xsl:when test="/t:page/@logo"><img class="logo" src="{$base}assets/themes/{$theme}/{/t:page/@logo}?v={$assets}" alt=""/></xsl:when>
			<xsl:otherwise><span class="mark" aria-hidden="true"></span></xsl:otherwise>
		</xsl:choose>
		<span class="word"><xsl:call-template name="product"/></span>
	</a>
</xsl:template>

<xsl:template name="bar">
	<header class="bar">
		<xsl:call-template name="brand"/>
		<xsl:if test="$session">
			<xsl:call-template name="navigation"/>
			<xsl:call-template name="menu"/>
		</xsl:if>
	</header>
</xsl:template>

<xsl:template name="navigation">
	<nav aria-label="Main">
		<xsl:choose>
			<xsl:when test="$session/@customers">
				<a href="{$base}customers">
					<xsl:choose>
						<xsl:when test="$kind = 'customers'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:when>
						<xsl:when test="t:customer"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:when>
					</xsl:choose>
					<xsl:text>Customers</xsl:text>
				</a>
			</xsl:when>
			<xsl:otherwise>
				<a href="{$base}customers/{$session/t:acting/@id}">
					<xsl:if test="t:customer"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:if>
					<xsl:text>Overview</xsl:text>
				</a>
			</xsl:otherwise>
		</xsl:choose>
		<a href="{$base}contracts">
			<xsl:choose>
				<xsl:when test="$kind = 'contracts'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:when>
				<xsl:when test="$kind = 'contract'"><xsl:attribute name="aria-current">true</xsl:attribute></xsl:when>
			</xsl:choose>
			<xsl:text>Contracts</xsl:text>
		</a>
	</nav>
</xsl:template>

<!-- Of the user: account, switching, logging out. -->
<xsl:template name="menu">
	<button type="button" class="quiet who" popovertarget="menu"><span class="face" aria-hidden="true"><xsl:value-of select="$session/t:user/@initials"/></span><bdi class="long"><xsl:value-of select="$session/t:user/@name"/></bdi></button>
	<div id="menu" popover="auto" class="pop at-end menu">
		<p class="about"><bdi><xsl:value-of select="$session/t:home/@name"/></bdi><span class="soft"><xsl:call-template name="role-word"><xsl:with-param name="role" select="$session/@role"/></xsl:call-template></span></p>
		<a href="{$base}account">Account</a>
		<xsl:if test="$session/@switch"><a href="{$base}switch">Switch tenant</a></xsl:if>
		<form method="post" action="{$base}logout"><xsl:call-template name="token"/><button class="quiet">Log out</button></form>
	</div>
</xsl:template>

<!-- The bar while switched: whose perspective, and the way back. -->
<xsl:template name="acting">
	<div class="acting" role="status">
		<span>Viewing as <bdi><xsl:value-of select="$session/t:acting/@name"/></bdi></span>
		<span class="soft long">Signed in as <bdi><xsl:value-of select="$session/t:user/@name"/></bdi></span>
		<form method="post" action="{$base}switch"><xsl:call-template name="token"/><input type="hidden" name="tenant" value=""/><button><span>Back to <bdi><xsl:value-of select="$session/t:home/@name"/></bdi></span></button></form>
	</div>
</xsl:template>
</xsl:stylesheet>
