<?xml version="1.0" encoding="UTF-8"?>
<!-- A form as the document has it: message, summary of errors with links, fields with label, hint and error, the button. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<!-- The context is the form. CANCEL: a path below the base to which a link leads that leaves the form. -->
<xsl:template name="form">
	<xsl:param name="class">form</xsl:param>
	<xsl:param name="button">primary</xsl:param>
	<xsl:param name="cancel"/>
	<xsl:param name="cancel-label">Cancel</xsl:param>
	<form id="{@name}" class="{$class}" method="post">
		<xsl:if test="starts-with(@action, '/') and not(starts-with(@action, '//'))"><xsl:attribute name="action"><xsl:value-of select="@action"/></xsl:attribute></xsl:if>
		<xsl:if test="@message"><p class="notice error" role="alert"><xsl:value-of select="@message"/></p></xsl:if>
		<xsl:if test="t:field/@error">
			<div class="notice error" role="alert">
				<p>Please correct what is marked.</p>
				<ul><xsl:for-each select="t:field[@error and not(@kind = 'hidden')]"><li><a href="#{../@name}-{@name}"><xsl:value-of select="@label"/></a>: <xsl:value-of select="@error"/></li></xsl:for-each></ul>
			</div>
		</xsl:if>
		<input type="hidden" name="token" value="{t:token}"/>
		<xsl:for-each select="t:field[@kind = 'hidden']"><input type="hidden" name="{@name}" value="{@value}"/></xsl:for-each>
		<xsl:apply-templates select="." mode="fields"/>
		<div class="foot">
			<button class="{$button}"><xsl:value-of select="@submit"/></button>
			<xsl:if test="$cancel != ''"><a class="button quiet" href="{$base}{$cancel}" data-close=""><xsl:value-of select="$cancel-label"/></a></xsl:if>
		</div>
	</form>
</xsl:template>

<!-- A form with sections has a template of its own for this. -->
<xsl:template match="t:form" mode="fields">
	<xsl:for-each select="t:field[not(@kind = 'hidden')]"><xsl:call-template name="form-field"/></xsl:for-each>
</xsl:template>

<xsl:template name="form-field">
	<xsl:choose>
		<xsl:when test="@kind = 'set'"><xsl:call-template name="form-set"/></xsl:when>
		<xsl:otherwise><xsl:call-template name="form-input"/></xsl:otherwise>
	</xsl:choose>
</xsl:template>

<!-- Any of several. -->
<xsl:template name="form-set">
	<fieldset class="field picks" id="{../@name}-{@name}">
		<xsl:call-template name="form-described"/>
		<legend><xsl:value-of select="@label"/></legend>
		<xsl:if test="not(t:choice)"><span class="hint">There is nothing to choose from.</span></xsl:if>
		<xsl:for-each select="t:choice">
			<label><input type="checkbox" name="{../@name}" value="{@value}"><xsl:if test="@selected"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input><xsl:value-of select="@label"/></label>
		</xsl:for-each>
		<xsl:call-template name="form-told"/>
	</fieldset>
</xsl:template>

<xsl:template name="form-input">
	<div class="field">
		<label for="{../@name}-{@name}"><xsl:value-of select="@label"/></label>
		<xsl:if test="@hint"><span class="hint" id="{../@name}-{@name}-hint"><xsl:value-of select="@hint"/></span></xsl:if>
		<xsl:choose>
			<xsl:when test="@kind = 'choice'">
				<select name="{@name}" id="{../@name}-{@name}">
					<xsl:call-template name="form-attributes"/>
					<xsl:if test="@required or not(t:choice/@selected)"><option value="">Please choose</option></xsl:if>
					<xsl:for-each select="t:choice">
						<option value="{@value}"><xsl:if test="@selected"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="@label"/></option>
					</xsl:for-each>
				</select>
			</xsl:when>
			<xsl:when test="@kind = 'text'">
				<textarea name="{@name}" id="{../@name}-{@name}" rows="4"><xsl:call-template name="form-attributes"/><xsl:value-of select="@value"/></textarea>
			</xsl:when>
			<xsl:otherwise>
				<input name="{@name}" id="{../@name}-{@name}">
					<xsl:attribute name="type"><xsl:choose>
						<xsl:when test="@kind = 'email'">email</xsl:when>
						<xsl:when test="@kind = 'password'">password</xsl:when>
						<xsl:when test="@kind = 'date'">date</xsl:when>
						<xsl:otherwise>text</xsl:otherwise>
					</xsl:choose></xsl:attribute>
					<xsl:if test="@value"><xsl:attribute name="value"><xsl:value-of select="@value"/></xsl:attribute></xsl:if>
					<xsl:if test="@kind = 'number'"><xsl:attribute name="inputmode">numeric</xsl:attribute></xsl:if>
					<xsl:call-template name="form-attributes"/>
				</input>
			</xsl:otherwise>
		</xsl:choose>
		<xsl:call-template name="form-told"/>
	</div>
</xsl:template>

<!-- What is stored beside what was typed, and what is wrong. -->
<xsl:template name="form-told">
	<xsl:if test="@stored"><span class="hint" id="{../@name}-{@name}-stored">Stored now: <bdi><xsl:choose><xsl:when test="t:choice[@value = current()/@stored]"><xsl:value-of select="t:choice[@value = current()/@stored]/@label"/></xsl:when><xsl:otherwise><xsl:value-of select="@stored"/></xsl:otherwise></xsl:choose></bdi></span></xsl:if>
	<xsl:if test="@error"><span class="hint wrong" id="{../@name}-{@name}-error"><xsl:value-of select="@error"/></span></xsl:if>
</xsl:template>

<xsl:template name="form-attributes">
	<xsl:if test="@required"><xsl:attribute name="required">required</xsl:attribute></xsl:if>
	<xsl:if test="@max and not(@kind = 'choice')"><xsl:attribute name="maxlength"><xsl:value-of select="@max"/></xsl:attribute></xsl:if>
	<xsl:if test="@autocomplete"><xsl:attribute name="autocomplete"><xsl:value-of select="@autocomplete"/></xsl:attribute></xsl:if>
	<xsl:if test="@error"><xsl:attribute name="aria-invalid">true</xsl:attribute></xsl:if>
	<xsl:call-template name="form-described"/>
</xsl:template>

<xsl:template name="form-described">
	<xsl:if test="@hint or @error or @stored">
		<xsl:attribute name="aria-describedby">
			<xsl:if test="@hint"><xsl:value-of select="concat(../@name, '-', @name, '-hint ')"/></xsl:if>
			<xsl:if test="@stored"><xsl:value-of select="concat(../@name, '-', @name, '-stored ')"/></xsl:if>
			<xsl:if test="@error"><xsl:value-of select="concat(../@name, '-', @name, '-error')"/></xsl:if>
		</xsl:attribute>
	</xsl:if>
</xsl:template>

<!-- The second part of the choice of a parent: a search whose button sends the form of the name FORM, so that nothing typed is
     lost. The context is the search. -->
<xsl:template name="form-search">
	<xsl:param name="form"/>
	<section class="card pad small">
		<h2>Find another reseller</h2>
		<xsl:if test="@q"><p role="status"><xsl:choose>
			<xsl:when test="@found = 0">No reseller matches.</xsl:when>
			<xsl:when test="@more">More than <xsl:value-of select="@found"/> match: the first are in the list above. Type more of the name.</xsl:when>
			<xsl:otherwise><xsl:value-of select="@found"/> found: see the list above.</xsl:otherwise>
		</xsl:choose></p></xsl:if>
		<div class="search">
			<label class="field"><span>Name, domain or ID</span><input type="text" name="parent_q" form="{$form}" value="{@q}" maxlength="200" autocomplete="off" spellcheck="false"/></label>
			<button name="find" value="1" form="{$form}" formnovalidate="formnovalidate">Find</button>
		</div>
	</section>
</xsl:template>
</xsl:stylesheet>
