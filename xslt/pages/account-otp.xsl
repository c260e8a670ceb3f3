<?xml version="1.0" encoding="UTF-8"?>
<!-- /account/otp: one-time passwords. Secret, QR code and recovery codes stand in answers of forms alone. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'account-otp']" mode="content">
	<xsl:call-template name="account-head"/>
	<xsl:for-each select="t:otp">
		<xsl:choose>
			<xsl:when test="t:code"><xsl:call-template name="otp-codes"/></xsl:when>
			<xsl:when test="@secret"><xsl:call-template name="otp-offer"/></xsl:when>
			<xsl:when test="@on"><xsl:call-template name="otp-on"/></xsl:when>
			<xsl:otherwise><xsl:call-template name="otp-off"/></xsl:otherwise>
		</xsl:choose>
	</xsl:for-each>
</xsl:template>

<xsl:template name="otp-off">
	<section class="card pad small">
		<h2>Set up</h2>
		<p>After your password, a login then asks for a code that an app on your phone shows. Whoever learns your password alone cannot log in.</p>
		<xsl:for-each select="../t:form"><xsl:call-template name="form"><xsl:with-param name="cancel">account</xsl:with-param></xsl:call-template></xsl:for-each>
	</section>
</xsl:template>

<xsl:template name="otp-offer">
	<section class="card pad small">
		<h2>1. Add <xsl:call-template name="product"/> to your app</h2>
		<p>Scan this code with an authenticator app on your phone.</p>
		<svg class="qr" viewBox="0 0 {@size} {@size}" role="img" aria-label="QR code for your app" shape-rendering="crispEdges"><path d="{@qr}"/></svg>
		<p>Or type this key into it: <code class="key"><xsl:value-of select="@secret"/></code></p>
	</section>
	<section class="card pad small">
		<h2>2. Type the code that it shows</h2>
		<xsl:for-each select="../t:form"><xsl:call-template name="form"><xsl:with-param name="cancel">account</xsl:with-param></xsl:call-template></xsl:for-each>
	</section>
</xsl:template>

<xsl:template name="otp-on">
	<section class="card pad small">
		<h2>Recovery codes</h2>
		<p>A login takes each once in place of a code of your app. You have <xsl:value-of select="@recovery"/> left. New ones replace them.</p>
		<xsl:for-each select="../t:form[@name = 'codes']"><xsl:call-template name="form"><xsl:with-param name="button"></xsl:with-param></xsl:call-template></xsl:for-each>
	</section>
	<section class="card pad small">
		<h2>Switch off</h2>
		<p>A login then asks for your password alone. Secret and recovery codes are forgotten.</p>
		<xsl:for-each select="../t:form[@name = 'off']"><xsl:call-template name="form"><xsl:with-param name="button">danger</xsl:with-param></xsl:call-template></xsl:for-each>
	</section>
</xsl:template>

<xsl:template name="otp-codes">
	<section class="card pad small">
		<h2>Keep these now</h2>
		<p>One-time passwords are on. If you lose your phone, each of these codes lets you in once in place of one. They are shown only now: print them, or keep them where you keep passwords.</p>
		<ol class="codes"><xsl:for-each select="t:code"><li><code><xsl:value-of select="."/></code></li></xsl:for-each></ol>
		<p class="foot"><a class="button primary" href="{$base}account">I have kept them</a></p>
	</section>
</xsl:template>
</xsl:stylesheet>
